import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { again } from "./lazy-part";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("what a lost connection cut off is fetched again", async () => {
  const load = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error("reset")).mockRejectedValueOnce(new Error("refused")).mockResolvedValue(7);
  const loaded = again(load);
  await vi.runAllTimersAsync();
  expect(await loaded).toBe(7);
  expect(load).toHaveBeenCalledTimes(3);
});

test("what never comes fails at last", async () => {
  const load = vi.fn<() => Promise<number>>().mockRejectedValue(new Error("gone"));
  const loaded = expect(again(load)).rejects.toThrow("gone");
  await vi.runAllTimersAsync();
  await loaded;
  expect(load).toHaveBeenCalledTimes(7);
});
