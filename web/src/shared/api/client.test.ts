import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { commonText } from "@/shared/i18n/common";
import { api, onSignedOut, setCsrfToken } from "./client";
import { ApiError, describeError } from "./error";

const fetched = vi.fn<typeof fetch>();
const answer = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  fetched.mockResolvedValueOnce(new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { "Content-Type": status >= 400 ? "application/problem+json" : "application/json", ...headers } }));
const sent = (): { url: string; init: RequestInit; headers: Headers } => {
  const [url, init] = fetched.mock.lastCall!;
  return { url: url as string, init: init!, headers: init!.headers as Headers };
};
const failure = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(() => null, (e: unknown) => e);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
};

beforeEach(async () => {
  vi.stubGlobal("fetch", fetched);
  await commonText.load();
});
afterEach(() => {
  setCsrfToken(null);
  vi.unstubAllGlobals();
  fetched.mockReset();
});

describe("a call", () => {
  it("leaves empty parameters out of the address", async () => {
    answer(200, { items: [] });
    await api.get("/api/x", { query: { view: "active", cursor: null, limit: 5, none: undefined } });
    expect(sent().url).toBe("/api/x?view=active&limit=5");
  });

  it("proves its origin when it changes something, and only then", async () => {
    setCsrfToken("proof");
    answer(204);
    await api.put("/api/x", { a: 1 });
    expect(sent().headers.get("X-CSRF-Token")).toBe("proof");
    expect(sent().init.body).toBe('{"a":1}');
    answer(200, {});
    await api.get("/api/x");
    expect(sent().headers.has("X-CSRF-Token")).toBe(false);
  });

  it("sends its idempotency key", async () => {
    answer(201, {});
    await api.post("/api/x", {}, { idempotencyKey: "k1" });
    expect(sent().headers.get("Idempotency-Key")).toBe("k1");
  });

  it("is sent again while its key is held by one that a crash cut off", async () => {
    vi.useFakeTimers();
    answer(409, { status: 409, code: "kernel.idempotency_running" });
    answer(201, { id: "made" });
    const made = api.post("/api/x", {}, { idempotencyKey: "k1" });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await made).toEqual({ id: "made" });
    vi.useRealTimers();
  });

  it("answers undefined when there is no content", async () => {
    answer(204);
    expect(await api.delete("/api/x")).toBeUndefined();
  });
});

describe("a failed call", () => {
  it("carries the server's problem and finds a field whatever its case", async () => {
    answer(400, { title: "Bad", code: "kernel.validation", errors: { BaseUrl: ["Must be an address."] } });
    const error = await failure(api.post("/api/x", {}));
    expect(error.status).toBe(400);
    expect(error.code).toBe("kernel.validation");
    expect(error.field("baseUrl")).toBe("Must be an address.");
    expect(error.field("name")).toBeUndefined();
  });

  it("has a code even when the answer is not a problem document", async () => {
    fetched.mockResolvedValueOnce(new Response("<html>", { status: 502, statusText: "Bad Gateway", headers: { "Content-Type": "text/html" } }));
    const error = await failure(api.get("/api/x"));
    expect(error.code).toBe("http.502");
    expect(describeError(error)).toBe("Something went wrong on the server.");
  });

  it("says that the server is away when nothing answers", async () => {
    fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    const error = await failure(api.get("/api/x"));
    expect(error.status).toBe(0);
    expect(describeError(error)).toMatch(/cannot be reached/);
  });

  it("is not an ApiError when the caller gave up", async () => {
    const stop = new AbortController();
    stop.abort();
    fetched.mockRejectedValueOnce(new DOMException("stopped", "AbortError"));
    await expect(api.get("/api/x", { signal: stop.signal })).rejects.toThrow(DOMException);
  });

  it("tells how long to wait when there were too many", async () => {
    answer(429, { title: "Slow down", code: "kernel.rate_limited" }, { "Retry-After": "21" });
    expect(describeError(await failure(api.post("/api/x")))).toBe("Too many attempts. Wait 21 seconds and try again.");
  });

  it("reports the end of the session, but not a wrong password", async () => {
    const ended = vi.fn();
    const stop = onSignedOut(ended);
    answer(401, { title: "No", code: "accounts.credentials_wrong" });
    await failure(api.post("/api/x"));
    expect(ended).not.toHaveBeenCalled();
    answer(401, { title: "No", code: "kernel.unauthenticated" });
    await failure(api.get("/api/x"));
    expect(ended).toHaveBeenCalledOnce();
    stop();
  });
});
