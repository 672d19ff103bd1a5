/** How the server wants the model to be run. It comes as JSON in the first argument; what it leaves out is chosen here. */
export interface Settings {
  path: string;
  purpose: "chat" | "embedding" | "rerank";
  /** Tokens that one conversation may hold. */
  contextSize: number;
  /** Conversations that are evaluated at the same time. */
  sequences: number;
  /** 0 chooses by the processor. */
  threads: number;
  /** "auto", or how many layers to put on the graphics card. */
  gpuLayers: "auto" | number;
  gpu: "auto" | false;
  batchSize: number;
  /** What a request may leave out. */
  sampling: { temperature?: number; topP?: number; topK?: number; minP?: number };
  /** Unread events of one call after which its conversation waits. */
  window: number;
}

export function readSettings(json: string | undefined): Settings {
  const given = JSON.parse(json ?? "{}") as Partial<Settings>;
  if (typeof given.path !== "string") throw new TypeError("The settings name no file.");
  return {
    path: given.path,
    purpose: given.purpose ?? "chat",
    contextSize: given.contextSize ?? 4096,
    sequences: given.sequences ?? 4,
    threads: given.threads ?? 0,
    gpuLayers: given.gpuLayers ?? "auto",
    gpu: given.gpu ?? "auto",
    batchSize: given.batchSize ?? 512,
    sampling: given.sampling ?? {},
    window: given.window ?? 256,
  };
}
