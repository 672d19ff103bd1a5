/** Minutes and seconds, as on a recorder. */
export const clock = (ms: number): string => `${Math.floor(Math.max(0, ms) / 60_000)}:${String(Math.floor(Math.max(0, ms) / 1_000) % 60).padStart(2, "0")}`;
