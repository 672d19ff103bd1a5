import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/error";
import type { Attachment } from "@/shared/api/types";
import { addFiles, mostFiles, removeUpload, retryUpload, takeUploads, useUploads } from "./uploads";

const send = vi.hoisted(() => vi.fn());
const remove = vi.hoisted(() => vi.fn(() => Promise.resolve()));
vi.mock("@/shared/api/client", async (original) => ({ ...(await original<object>()), upload: send, api: { delete: remove } }));
vi.mock("./kept", () => ({ keep: () => Promise.resolve(), forget: () => Promise.resolve(), keptFor: () => Promise.resolve([]) }));

const file = (name: string) => ({ name, file: new Blob([name]) });
const made = (name: string): Attachment => ({ id: `id of ${name}`, name, mediaType: "text/plain", sizeBytes: 1, width: null, height: null, hasThumbnail: false, transcript: null });
const states = () => useUploads.getState().items.map((i) => `${i.name} ${i.state}`);
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => { useUploads.setState({ items: [] }); send.mockReset(); remove.mockClear(); });

describe("uploads", () => {
  it("send a few at a time and keep their order for the message", async () => {
    const waiting: (() => void)[] = [];
    send.mockImplementation((_: string, __: Blob, { query }: { query: { name: string } }) => new Promise((resolve) => waiting.push(() => resolve(made(query.name)))));
    addFiles("d", ["a", "b", "c", "d"].map(file));
    expect(states()).toEqual(["a sending", "b sending", "c sending", "d waiting"]);
    waiting[1]!();
    await settle();
    expect(states()).toEqual(["a sending", "b done", "c sending", "d sending"]);
    for (const go of waiting) go();
    await settle();
    expect(takeUploads("d").map((a) => a.name)).toEqual(["a", "b", "c", "d"]);
    expect(states()).toEqual([]);
  });

  it("say what was refused and try again when asked", async () => {
    send.mockRejectedValueOnce(new ApiError({ status: 413, code: "accounts.storage_full", title: "Full" })).mockResolvedValueOnce(made("a"));
    addFiles("d", [file("a")]);
    await settle();
    expect(states()).toEqual(["a failed"]);
    expect(takeUploads("d")).toEqual([]);
    retryUpload(useUploads.getState().items[0]!.localId);
    await settle();
    expect(states()).toEqual(["a done"]);
  });

  it("take back what is on its way, and from the server what is there", async () => {
    let signal: AbortSignal | undefined;
    send.mockImplementationOnce((_: string, __: Blob, options: { signal: AbortSignal }) => { signal = options.signal; return new Promise(() => undefined); }).mockResolvedValueOnce(made("b"));
    addFiles("d", [file("a"), file("b")]);
    await settle();
    removeUpload(useUploads.getState().items[0]!.localId);
    expect(signal?.aborted).toBe(true);
    removeUpload(useUploads.getState().items[0]!.localId);
    expect(remove).toHaveBeenCalledExactlyOnceWith("/api/chat/attachments/id of b");
  });

  it("take no more than go with one message", () => {
    send.mockReturnValue(new Promise(() => undefined));
    expect(addFiles("d", Array.from({ length: mostFiles + 2 }, (_, i) => file(String(i))))).toBe(2);
    expect(addFiles("other", [file("x")])).toBe(0);
  });
});
