import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { NewKey } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import { text } from "../console/text";
import { gatewayKeys } from "../queries";
import { NewSecret } from "./new-secret";

const made: NewKey = {
  secret: "jt-only-once",
  key: { id: "k1", userId: "u1", name: "Notebook", hint: "…once", surfaces: ["*"], models: ["harbour/*"], createdAt: "2026-11-01T00:00:00Z", expiresAt: null, revokedAt: null, lastUsedAt: null, previousUntil: null, version: 1, rotateEveryDays: null, overlapHours: 24, rotateAt: null, secretUntil: null, leaked: false },
};
const model = (id: string, isDefault = false) => ({ id, name: id, providerId: null, providerName: null, builtIn: false, isDefault, route: false });

async function show(onDone = () => undefined) {
  await Promise.all([text.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(gatewayKeys.models, [model("other/large", true), model("harbour/small")]);
  await act(async () => { render(<QueryClientProvider client={client}><Suspense><NewSecret made={made} onDone={onDone} /></Suspense></QueryClientProvider>); await Promise.resolve(); });
}

afterEach(cleanup);

describe("a new secret", () => {
  it("is shown with a first call to a model the key may ask, and takes the focus", async () => {
    await show();
    expect(document.querySelector("[data-secret]")!.textContent).toBe("jt-only-once");
    expect(document.activeElement?.textContent).toBe("The secret of Notebook");
    expect(document.querySelector("pre")!.textContent).toContain('"model": "harbour/small"');
    fireEvent.click(screen.getByRole("radio", { name: "Python" }));
    expect(document.querySelector("pre")!.textContent).toContain('api_key="jt-only-once"');
  });

  it("goes when the person has kept it", async () => {
    const done = vi.fn();
    await show(done);
    fireEvent.click(screen.getByRole("button", { name: "I have kept it" }));
    expect(done).toHaveBeenCalledOnce();
  });
});
