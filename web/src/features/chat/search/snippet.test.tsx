import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { SearchHit } from "@/shared/api/types";
import { daysAgo } from "./filters";
import { pieces, Snippet } from "./snippet";

afterEach(cleanup);

describe("a snippet", () => {
  it("is cut at the marked places, whatever script they are in", () => {
    expect(pieces("Thời tiết ở Hội An", [{ start: 0, length: 4 }, { start: 12, length: 3 }])).toEqual(["", "Thời", " tiết ở ", "Hội", " An"]);
    expect(pieces("no marks", [])).toEqual(["no marks"]);
  });

  it("leaves out marks that overlap or reach past its end", () => {
    expect(pieces("abcdef", [{ start: 1, length: 3 }, { start: 2, length: 2 }, { start: 5, length: 9 }])).toEqual(["a", "bcd", "ef"]);
  });

  it("is text and never markup", () => {
    const hit = { snippet: "<img src=x onerror=alert(1)> lighthouse", highlights: [{ start: 0, length: 4 }] } as SearchHit;
    const { container } = render(<Snippet hit={hit} />);
    expect(container.querySelector("img")).toBeNull();
    expect(container.querySelector("mark")!.textContent).toBe("<img");
    expect(container.textContent).toBe(hit.snippet);
  });
});

describe("a time to look back", () => {
  it("begins at midnight, so that the address of a search stays the same all day", () => {
    const morning = daysAgo(7, new Date(2026, 10, 21, 6)), night = daysAgo(7, new Date(2026, 10, 21, 23));
    expect(morning).toBe(night);
    expect(new Date(morning)).toEqual(new Date(2026, 10, 14));
  });
});
