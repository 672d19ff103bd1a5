import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { WorkerRequest } from "./markdown.worker";

/** Runs the worker's own code behind the page's side of it, or fails as a worker whose script cannot be had. */
function stubWorker(works: boolean): { asked: WorkerRequest[] } {
  const asked: WorkerRequest[] = [];
  vi.stubGlobal("Worker", class extends EventTarget {
    readonly #engine = import("./engine").then(({ LocalMarkdownEngine }) => new LocalMarkdownEngine());

    constructor() {
      super();
      if (!works) setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "no script" })));
    }

    postMessage(request: WorkerRequest): void {
      asked.push(structuredClone(request));
      void this.#engine.then(async (engine) => {
        if (!works || request.call === null) return;
        const value = "read" in request ? await engine.read(request.read) : null;
        this.dispatchEvent(new MessageEvent("message", { data: structuredClone({ call: request.call, value }) }));
      });
    }
  });
  return { asked };
}

const html = (blocks: readonly { html: string }[] | null): string => (blocks ?? []).map((b) => b.html.trim()).join("");

describe("MarkdownReader", () => {
  // What is waited for below must not include making it ready to run, which takes long on a busy machine.
  beforeAll(() => import("./engine"));
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllGlobals());

  it("sends only what is new and shows what comes of it", async () => {
    const { asked } = stubWorker(true);
    const { MarkdownReader } = await import("./reader");
    const reader = new MarkdownReader("");
    reader.read("# On", false);
    await vi.waitFor(() => expect(html(reader.get())).toBe("<h1>On</h1>"));
    const first = reader.get()![0];
    reader.read("# On\n\nand **on**", false);
    await vi.waitFor(() => expect(html(reader.get())).toBe("<h1>On</h1><p>and <strong>on</strong></p>"));
    reader.read("# On\n\nand **on** and on", true);
    await vi.waitFor(() => expect(html(reader.get())).toContain("and on</p>"));
    expect(first).toBeDefined();
    expect(asked.map((a) => ("read" in a ? [a.read.keep, a.read.more] : null))).toEqual([[0, "# On"], [4, "\n\nand **on**"], [16, " and on"]]);
  });

  it("shows at once what was read before", async () => {
    const { asked } = stubWorker(true);
    const { MarkdownReader } = await import("./reader");
    const reader = new MarkdownReader("Told");
    reader.read("Told", true);
    await vi.waitFor(() => expect(reader.get()).not.toBeNull());
    reader.close();
    const later = new MarkdownReader("Told");
    expect(html(later.get())).toBe("<p>Told</p>");
    later.read("Told", true);
    expect(asked.filter((a) => a.call !== null)).toHaveLength(1);
  });

  it("goes on without a gap where a growing text has ended", async () => {
    stubWorker(true);
    const { MarkdownReader } = await import("./reader");
    const live = new MarkdownReader("");
    live.read("Nearly the whole", false);
    await vi.waitFor(() => expect(live.get()).not.toBeNull());
    const whole = new MarkdownReader("Nearly the whole answer");
    expect(html(whole.get())).toBe("<p>Nearly the whole</p>");
    live.close();
    expect(new MarkdownReader("Nearly the whole answer").get()).toBeNull();
  });

  it("begins anew after it was closed", async () => {
    stubWorker(true);
    const { MarkdownReader } = await import("./reader");
    const reader = new MarkdownReader("");
    reader.read("One", false);
    reader.close();
    reader.read("One *two*", true);
    await vi.waitFor(() => expect(html(reader.get())).toBe("<p>One <em>two</em></p>"));
  });

  it("reads in the page when the worker cannot be started", async () => {
    stubWorker(false);
    const { MarkdownReader } = await import("./reader");
    const readers = ["*a*", "*b*"].map((text) => {
      const reader = new MarkdownReader(text);
      reader.read(text, true);
      return reader;
    });
    await vi.waitFor(() => expect(readers.map((r) => html(r.get()))).toEqual(["<p><em>a</em></p>", "<p><em>b</em></p>"]));
  });
});
