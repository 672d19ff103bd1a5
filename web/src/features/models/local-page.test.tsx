import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LocalCatalogue, LocalModel, ModelPull, SpeechLibrary, SpeechModel, SpeechOffer } from "@/shared/api/types";
import { commonText } from "@/shared/i18n/common";
import FirstModelsHere from "./first-models";
import { LocalPage } from "./local-page";
import { text } from "./text";

const offer = { name: "qwen3-0.6b", title: "Qwen3 0.6B", purpose: "chat", sizeBytes: 639_446_688, needBytes: 1_100_000_000, parameters: 596_049_920, licence: "Apache-2.0", licenceUrl: "https://hub.example/qwen", languages: ["en"] as string[], fits: true, installed: false, suggested: true } as const;
const catalogue: LocalCatalogue = { engineInstalled: true, totalBytes: 16e9, availableBytes: 8e9, freeDiskBytes: 80e9, folder: "/models", items: [offer, { ...offer, name: "giant", title: "Giant", fits: false, suggested: false }] };
const model: LocalModel = {
  id: "m1", name: "tiny", purpose: "chat", state: "ready", detail: null, architecture: "qwen3", quantisation: "Q8_0", parameters: 1, sizeBytes: 639_446_688, sha256: "0", source: "file", licence: "MIT",
  trainContext: 4096, contextTokens: 2048, sequences: 4, needBytes: 1e9, fits: true, running: 0, memoryBytes: null,
  settings: { contextTokens: null, sequences: null, threads: null, gpuLayers: null, temperature: null, topP: null, topK: null },
  speed: { at: "2026-11-01T00:00:00Z", loadMs: 900, readTokensPerSecond: 212.4, writeTokensPerSecond: 31.7, firstTokenMs: 640, memoryBytes: 1e9 }, verifiedAt: "2026-11-01T00:00:00Z", createdAt: "2026-11-01T00:00:00Z",
};
const pull: ModelPull = { id: "p1", source: "x", name: "coming", licence: "MIT", state: "running", receivedBytes: 250e6, totalBytes: 1e9, bytesPerSecond: 10e6, unpackedBytes: null, errorCode: null, errorDetail: null, createdAt: "2026-11-01T00:00:00Z", endedAt: null };

const spoken: SpeechModel = { name: "piper", purpose: "voice", kind: "vits", sizeBytes: 63e6, licence: "MIT", damaged: false, verifiable: true, installedAt: "2026-11-01T00:00:00Z" };
const whisper: SpeechOffer = { name: "whisper-tiny", title: "Whisper tiny", purpose: "recogniser", sizeBytes: 116e6, licence: "MIT", licenceUrl: "https://hub.example/whisper", languages: ["en"], installed: false };
let speech: SpeechLibrary = { items: [], offers: [] };
let models: LocalModel[] = [];
let pulls: ModelPull[] = [];
const sent: string[] = [];

beforeEach(() => {
  [models, pulls] = [[], []];
  speech = { items: [], offers: [] };
  sent.length = 0;
  vi.stubGlobal("fetch", vi.fn((url: string, init: RequestInit) => {
    if (init.method !== "GET") {
      sent.push(`${init.method} ${url} ${typeof init.body === "string" ? init.body : ""}`.trim());
      return Promise.resolve(url.endsWith("/verify") ? Response.json({ whole: false }) : new Response(null, { status: 204 }));
    }
    return Promise.resolve(Response.json(url.includes("/catalogue") ? catalogue : url.endsWith("/speech") ? speech : { items: url.includes("/pulls") ? pulls : models, nextCursor: null }));
  }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function show(what = <LocalPage />) {
  await Promise.all([text.load(), commonText.load()]);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () => { render(<QueryClientProvider client={client}><Suspense>{what}</Suspense></QueryClientProvider>); await Promise.resolve(); });
}

describe("models on this machine", () => {
  it("offers what fits where one begins, and then says how far it is", async () => {
    await show(<FirstModelsHere />);
    fireEvent.click(await screen.findByRole("button", { name: "Get Qwen3 0.6B" }));
    expect(screen.queryByText("Giant")).toBeNull();
    pulls = [pull];
    fireEvent.click(screen.getByRole("button", { name: "Accept and get", hidden: true }));
    expect((await screen.findByRole("progressbar")).getAttribute("aria-valuenow")).toBe("25");
    expect(screen.queryByRole("button", { name: "Get Qwen3 0.6B" })).toBeNull();
  });

  it("offers what fits while there is none, and fetches only after the licence was accepted", async () => {
    await show();
    const first = await screen.findAllByRole("button", { name: "Get Qwen3 0.6B" });
    expect(first).toHaveLength(2);
    fireEvent.click(first[0] as HTMLElement);
    expect(sent).toEqual([]);
    expect((await screen.findByRole("link", { name: "Read the licence", hidden: true })).getAttribute("href")).toBe("https://hub.example/qwen");
    fireEvent.click(screen.getByRole("button", { name: "Accept and get", hidden: true }));
    await vi.waitFor(() => expect(sent).toEqual(['POST /api/models/pulls {"source":"qwen3-0.6b","name":null,"acceptLicence":true}']));
  });

  it("says what does not fit", async () => {
    await show();
    expect(await screen.findAllByText("Does not fit the memory that is free")).toHaveLength(1);
  });

  it("shows how far a pull is and stops it", async () => {
    pulls = [pull];
    await show();
    expect((await screen.findByRole("progressbar", { name: "coming: how far it is" })).getAttribute("aria-valuenow")).toBe("25");
    fireEvent.click(screen.getByRole("button", { name: "Stop fetching coming" }));
    await vi.waitFor(() => expect(sent).toEqual(["DELETE /api/models/pulls/p1"]));
  });

  it("shows how far the unpacking of an archive is", async () => {
    pulls = [{ ...pull, receivedBytes: 1e9, bytesPerSecond: null, unpackedBytes: 600e6 }];
    await show();
    expect((await screen.findByRole("progressbar", { name: "coming: how far it is" })).getAttribute("aria-valuenow")).toBe("60");
    expect(screen.getByText(/^Unpacking: .+ of .+$/u)).toBeTruthy();
  });

  it("says in the person's language why a pull failed, and in the server's words what is about one file", async () => {
    const failed = { ...pull, state: "failed", bytesPerSecond: null } as const;
    pulls = [{ ...failed, errorCode: "models.disk_full", errorDetail: "server's words" }, { ...failed, id: "p2", errorCode: "models.unreadable", errorDetail: "It is broken." }];
    await show();
    expect(await screen.findByText("There is not enough room on the disk for this model.")).toBeTruthy();
    expect(screen.queryByText("server's words")).toBeNull();
    expect(screen.getByText("It is broken.")).toBeTruthy();
  });

  it("offers speech models under their licence, and verifies and removes those that are here", async () => {
    speech = { items: [spoken, { ...spoken, name: "mine", verifiable: false, licence: null }], offers: [whisper, { ...whisper, name: "piper", title: "Piper", installed: true }] };
    await show();
    fireEvent.click(await screen.findByRole("button", { name: "Get Whisper tiny" }));
    fireEvent.click(screen.getByRole("button", { name: "Accept and get", hidden: true }));
    await vi.waitFor(() => expect(sent).toEqual(['POST /api/models/pulls {"source":"whisper-tiny","name":null,"acceptLicence":true}']));
    expect(screen.queryByRole("button", { name: "Get Piper" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Verify: mine" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Verify: piper" }));
    expect(await screen.findByText("The file is not what was installed. Remove it and get it again.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Remove: piper" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    await vi.waitFor(() => expect(sent).toContain("DELETE /api/models/speech/piper"));
  });

  it("shows a model with what was measured, and says when its file is damaged", async () => {
    models = [model];
    await show();
    expect(await screen.findByText(/Reads 212.4 tokens a second, writes 31.7/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Verify: tiny" }));
    expect(await screen.findByText("The file is not what was installed. Remove it and get it again.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Remove: tiny" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    await vi.waitFor(() => expect(sent).toContain("DELETE /api/models/m1"));
  });
});
