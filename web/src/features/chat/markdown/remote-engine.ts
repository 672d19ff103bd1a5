import type { MarkdownEngine, ReadReply, ReadRequest } from "./engine";
import type { ColouredLine } from "./highlight";
import type { WorkerReply, WorkerRequest } from "./markdown.worker";

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** There is no worker any more, whatever it was asked. */
export class WorkerGone extends Error {}

/** The engine in a worker. When the worker fails everything that waits is refused, and so is all that comes later. */
class RemoteMarkdownEngine implements MarkdownEngine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #broken: WorkerGone | null = null;
  #calls = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerReply>) => {
      const waiting = this.#waiting.get(data.call);
      this.#waiting.delete(data.call);
      if ("value" in data) waiting?.resolve(data.value);
      else waiting?.reject(new Error(data.failure));
    });
    worker.addEventListener("error", ({ message }) => {
      this.#broken = new WorkerGone(message || "The worker could not be started.");
      for (const { reject } of this.#waiting.values()) reject(this.#broken);
      this.#waiting.clear();
    });
  }

  read(request: ReadRequest): Promise<ReadReply> {
    return this.#ask((call) => ({ call, read: request })) as Promise<ReadReply>;
  }

  highlight(code: string, language: string): Promise<ColouredLine[] | null> {
    return this.#ask((call) => ({ call, highlight: { code, language } })) as Promise<ColouredLine[] | null>;
  }

  forget(reader: number): void {
    this.#worker.postMessage({ call: null, forget: reader } satisfies WorkerRequest);
  }

  #ask(request: (call: number) => WorkerRequest): Promise<unknown> {
    if (this.#broken) return Promise.reject(this.#broken);
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#worker.postMessage(request(call));
    });
  }
}

const inPage = async (): Promise<MarkdownEngine> => new (await import("./engine")).LocalMarkdownEngine();

let engine: Promise<MarkdownEngine> | undefined;

/** The worker, or the page itself where there are none. It is started with the first call. */
export const markdownEngine = (): Promise<MarkdownEngine> =>
  (engine ??= typeof Worker === "undefined"
    ? inPage()
    : Promise.resolve(new RemoteMarkdownEngine(new Worker(new URL("./markdown.worker.ts", import.meta.url), { type: "module", name: "markdown" }))));

/** From now on the page does it itself, as `failed` did not. */
export async function withoutWorker(failed: MarkdownEngine): Promise<MarkdownEngine> {
  if ((await engine) === failed) engine = inPage();
  return markdownEngine();
}
