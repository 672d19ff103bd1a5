import { queryOptions } from "@tanstack/react-query";
import { api, send } from "@/shared/api/client";
import type { Page, Price, PriceLine, PricesImported } from "@/shared/api/types";

export const pricesKey = ["gateway", "prices"] as const;

/** All versions: by pattern, the newest moment first. Planned prices come into force by themselves, so it is read again now and then. */
export const pricesQuery = queryOptions({
  queryKey: pricesKey,
  queryFn: async ({ signal }) => (await api.get<Page<Price>>("/api/gateway/prices", { signal })).items,
  refetchInterval: 60_000,
});

export const setPrice = (line: PriceLine) => api.post<Price>("/api/gateway/prices", line);
export const endPrice = (pattern: string, from: string | null) => api.delete("/api/gateway/prices", { query: { pattern, from } });
export const exportPrices = async (): Promise<Blob> => (await send("GET", "/api/gateway/prices/csv", { headers: { Accept: "text/csv" } })).blob();
/** Spreadsheets give CSV types of their own, the server knows the one of the standard. */
export const importPrices = (file: Blob) => api.post<PricesImported>("/api/gateway/prices/import-csv", new Blob([file], { type: "text/csv" }));
