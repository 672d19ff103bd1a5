import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const fetched: string[] = [];
let accepted: string | null = "gzip";
const posted: Blob[] = [];
let ended = 0;
class FakeWorker extends EventTarget {
  postMessage(file: Blob): void {
    posted.push(file);
    queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data: new Blob(["small"]) })));
  }
  terminate(): void { ended++; }
}
const long = new Blob(["word ".repeat(10_000)], { type: "text/plain" });

beforeEach(() => {
  vi.resetModules();
  fetched.length = posted.length = ended = 0;
  accepted = "gzip";
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("CompressionStream", vi.fn());
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    fetched.push(`${init.method} ${url}`);
    return Promise.resolve(new Response(null, { status: 204, headers: accepted ? { "Accept-Encoding": accepted } : {} }));
  }));
});
afterEach(() => vi.unstubAllGlobals());
const packed = async (name: string, file: Blob) => (await import("./packed")).packed("/api/files", name, file);

describe("what is sent compressed", () => {
  it("is a long text, in a worker that ends, after asking the server once", async () => {
    expect(await (await packed("a.txt", long))?.text()).toBe("small");
    expect(await (await packed("b.json", new Blob([long])))?.text()).toBe("small");
    expect(fetched).toEqual(["OPTIONS /api/files"]);
    expect([posted.length, ended]).toEqual([2, 2]);
  });

  it("is no media", async () => {
    expect(await packed("a.png", new Blob([long], { type: "image/png" }))).toBeNull();
    expect(await packed("export.zip", new Blob([long]))).toBeNull();
    expect([fetched, posted]).toEqual([[], []]);
  });

  it("is nothing where the server does not say that it unpacks", async () => {
    accepted = null;
    expect(await packed("a.txt", long)).toBeNull();
    expect(posted).toEqual([]);
  });

  it("is nothing in browsers that cannot", async () => {
    vi.stubGlobal("CompressionStream", undefined);
    expect(await packed("a.txt", long)).toBeNull();
    expect(fetched).toEqual([]);
  });
});
