import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chatModelsQuery } from "../queries";
import FilterBar from "./filter-bar";
import { noFilters, ofMessages } from "./filters";
import { searchQuery } from "./queries";
import { searchText } from "./text";

const model = (id: string, name: string) => ({ id, name, isDefault: false, builtIn: false, providerName: "Workshop" });
const asked: string[] = [];
const client = () => {
  const made = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  made.setQueryData(chatModelsQuery.queryKey, [model("w/small", "Small"), model("w/large", "Large")] as never);
  return made;
};

let chosen = noFilters;
function Bar({ searching }: { searching: boolean }) {
  const [filters, setFilters] = useState(chosen);
  return <FilterBar filters={filters} searching={searching} onChange={(next) => { chosen = next; setFilters(next); }} />;
}
async function show(searching: boolean) {
  await searchText.load();
  await act(async () => { render(<QueryClientProvider client={client()}><Suspense><Bar searching={searching} /></Suspense></QueryClientProvider>); await Promise.resolve(); });
}

beforeEach(() => {
  chosen = noFilters;
  asked.length = 0;
  vi.stubGlobal("fetch", vi.fn((url: string) => {
    asked.push(url);
    return Promise.resolve(Response.json({ items: [], nextCursor: null, found: 0, foundAll: true }));
  }));
});
afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

describe("the filter by model", () => {
  it("is chosen among the models, and taken back", async () => {
    await show(true);
    fireEvent.change(screen.getByRole("combobox", { name: "Model" }), { target: { value: "w/large" } });
    expect(chosen).toEqual({ ...noFilters, model: "w/large" });
    expect(ofMessages(chosen)).toBe(true);
    fireEvent.change(screen.getByRole("combobox", { name: "Model" }), { target: { value: "" } });
    expect(chosen).toEqual(noFilters);
  });

  it("keeps a model that is not connected any more", async () => {
    chosen = { ...noFilters, model: "gone/model" };
    await show(true);
    expect(screen.getByRole<HTMLSelectElement>("combobox", { name: "Model" }).value).toBe("gone/model");
  });

  it("is not offered where only conversations are listed", async () => {
    await show(false);
    expect(screen.queryByRole("combobox", { name: "Model" })).toBeNull();
  });

  it("goes to the server with the words", async () => {
    await client().infiniteQuery(searchQuery("tide", { ...noFilters, model: "w/large" }));
    expect(new URL(asked[0]!, "http://here").searchParams.get("model")).toBe("w/large");
  });
});
