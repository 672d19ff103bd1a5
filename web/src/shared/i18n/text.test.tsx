import { act, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { defineText, switchLocale } from "./text";

const dictionary = (greeting: string) => () => Promise.resolve({ default: { greeting } });
const define = () => defineText<{ greeting: string }>({ en: dictionary("Hello {name}"), ar: dictionary("مرحبًا {name}"), vi: dictionary("Chào {name}"), ru: dictionary("Привет, {name}") });

afterEach(() => switchLocale("en"));

describe("the words of a feature", () => {
  it("answer with the key before they are loaded and with the message after", async () => {
    const text = define();
    expect(text.t("greeting", { name: "Sofia" })).toBe("greeting");
    await text.load();
    expect(text.t("greeting", { name: "Sofia" })).toBe("Hello Sofia");
  });

  it("change on screen, with the direction of the page, without a reload", async () => {
    const text = define();
    function Greeting() {
      const t = text.useT();
      return <p>{t("greeting", { name: "Sofia" })}</p>;
    }
    await act(async () => {
      render(<Suspense fallback={null}><Greeting /></Suspense>);
      await text.load();
    });
    expect(screen.getByText("Hello Sofia")).toBeTruthy();
    await act(() => switchLocale("ar"));
    expect(screen.getByText("مرحبًا Sofia")).toBeTruthy();
    expect(document.documentElement.dir).toBe("rtl");
    expect(document.documentElement.lang).toBe("ar");
  });

  it("can be asked for again after a failed load", async () => {
    let failures = 1;
    const text = defineText<{ word: string }>({
      en: () => (failures-- > 0 ? Promise.reject(new Error("offline")) : Promise.resolve({ default: { word: "yes" } })),
      ar: () => Promise.resolve({ default: { word: "نعم" } }),
      vi: () => Promise.resolve({ default: { word: "có" } }),
      ru: () => Promise.resolve({ default: { word: "да" } }),
    });
    await expect(text.load()).rejects.toThrow("offline");
    await text.load();
    expect(text.t("word")).toBe("yes");
  });
});
