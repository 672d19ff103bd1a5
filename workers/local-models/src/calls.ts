import { connect, type Socket } from "node:net";
import { encodeFrame, FrameReader, FrameType } from "./frames.js";

/** A failure that the worker can name; the server turns the code into its own error. */
export class CallFailure extends Error {
  constructor(
    readonly code: "engine_missing" | "model_unreadable" | "memory" | "context_too_long" | "request_invalid" | "not_supported" | "internal",
    detail: string,
  ) {
    super(detail);
  }
}

/** One call: what was asked, whether it is still wanted, and how much more the reader takes. */
export class Call {
  readonly #abort = new AbortController();
  #credit: number;
  #waiting: (() => void)[] = [];

  constructor(
    readonly id: number,
    readonly request: Record<string, unknown>,
    window: number,
    private readonly send: (type: number, call: number, payload: string) => void,
  ) {
    this.#credit = window > 0 ? window : Number.POSITIVE_INFINITY;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get cancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  event(json: string): void {
    this.#credit--;
    this.send(FrameType.event, this.id, json);
  }

  /** Done when the reader has room for more, or does not want any. */
  async room(): Promise<void> {
    while (this.#credit <= 0 && !this.cancelled) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  get hasRoom(): boolean {
    return this.#credit > 0 || this.cancelled;
  }

  grant(count: number): void {
    this.#credit += count;
    this.#wake();
  }

  cancel(): void {
    this.#abort.abort();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export type Handler = (call: Call) => Promise<unknown>;

/** The worker's end of the connection. Calls run side by side; what cannot be answered with a result is answered with a failure. */
export class CallServer {
  readonly #calls = new Map<number, Call>();
  readonly #socket: Socket;
  #handle: Handler | undefined;

  constructor(
    address: string,
    private readonly window: number,
  ) {
    this.#socket = connect(address);
    this.#socket.setNoDelay(true);
    const reader = new FrameReader();
    this.#socket.on("data", (piece: Buffer) => {
      for (const frame of reader.take(piece)) this.#take(frame.type, frame.call, frame.payload);
    });
    // Without its server a worker is nobody's: it goes at once, whatever it does.
    this.#socket.on("close", () => process.exit(0));
    this.#socket.on("error", () => process.exit(0));
  }

  /** Says that calls can come. */
  serve(hello: unknown, handle: Handler): void {
    this.#handle = handle;
    this.#write(FrameType.hello, 0, JSON.stringify(hello));
  }

  /** Says why none can, and ends. */
  refuse(code: string, detail: string): void {
    this.#socket.end(encodeFrame(FrameType.refusal, 0, JSON.stringify({ code, detail })), () => process.exit(3));
  }

  get running(): number {
    return this.#calls.size;
  }

  #take(type: number, id: number, payload: Buffer): void {
    if (type === FrameType.ping) this.#write(FrameType.pong, 0, "");
    else if (type === FrameType.cancel) this.#calls.get(id)?.cancel();
    else if (type === FrameType.credit) this.#calls.get(id)?.grant(payload.readUInt32LE(0));
    else if (type === FrameType.call) void this.#run(id, payload);
  }

  async #run(id: number, payload: Buffer): Promise<void> {
    try {
      const call = new Call(id, JSON.parse(payload.toString("utf8")) as Record<string, unknown>, this.window, this.#write);
      this.#calls.set(id, call);
      const result = await this.#handle!(call);
      this.#write(FrameType.result, id, JSON.stringify(result ?? {}));
    } catch (error) {
      const failure = error instanceof CallFailure ? error : new CallFailure("internal", error instanceof Error ? error.message : String(error));
      if (failure.code === "internal") console.error(error instanceof Error ? (error.stack ?? error.message) : error);
      this.#write(FrameType.failure, id, JSON.stringify({ code: failure.code, detail: failure.message }));
    } finally {
      this.#calls.delete(id);
    }
  }

  #write = (type: number, call: number, payload: string): void => {
    this.#socket.write(encodeFrame(type, call, payload));
  };
}
