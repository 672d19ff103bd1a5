import { LocalMarkdownEngine, type ReadRequest } from "./engine";

/** What a page asks; `call` is null where no answer is wanted. */
export type WorkerRequest = { call: number } & ({ read: ReadRequest } | { highlight: { code: string; language: string } }) | { call: null; forget: number };

export type WorkerReply = { call: number } & ({ value: unknown } | { failure: string });

const engine = new LocalMarkdownEngine();

addEventListener("message", ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.call === null) {
    engine.forget(data.forget);
    return;
  }
  const { call } = data;
  const answer = "read" in data ? engine.read(data.read) : engine.highlight(data.highlight.code, data.highlight.language);
  answer.then(
    (value) => postMessage({ call, value } satisfies WorkerReply),
    (error: unknown) => postMessage({ call, failure: String(error) } satisfies WorkerReply),
  );
});
