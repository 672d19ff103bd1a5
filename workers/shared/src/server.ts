import { connect, type Socket } from "node:net";
import { Call, CallFailure } from "./calls.js";
import { encodeFrame, FrameReader, FrameType } from "./frames.js";

export type Handler = (call: Call) => Promise<unknown>;

/** The worker's end of the connection. Calls run side by side; what cannot be answered with a result is answered with a failure. */
export class CallServer {
  readonly #calls = new Map<number, Call>();
  readonly #socket: Socket;
  #handle: Handler | undefined;

  private constructor(
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

  /**
   * Connects to whoever started this program, and ends it together with them.
   * @param window Unread events of one call after which it waits; 0 is no limit.
   */
  static open(window: number): CallServer {
    const address = process.env["JEAN_WORKER_ADDRESS"];
    if (!address) {
      console.error("This program is started by JeanTrail, which tells it where to connect.");
      process.exit(2);
    }
    // The end of stdin is the end of the server, also where the socket does not notice.
    process.stdin.on("end", () => process.exit(0)).resume();
    return new CallServer(address, window);
  }

  /** Says that calls can come. */
  serve(hello: unknown, handle: Handler): void {
    this.#handle = handle;
    this.#write(encodeFrame(FrameType.hello, 0, JSON.stringify(hello)));
  }

  /** Says why none can, and ends. */
  refuse(code: string, detail: string): void {
    this.#socket.end(encodeFrame(FrameType.refusal, 0, JSON.stringify({ code, detail })), () => process.exit(3));
  }

  get running(): number {
    return this.#calls.size;
  }

  #take(type: number, id: number, payload: Buffer): void {
    if (type === FrameType.ping) this.#write(encodeFrame(FrameType.pong, 0));
    else if (type === FrameType.cancel) this.#calls.get(id)?.cancel();
    else if (type === FrameType.credit) this.#calls.get(id)?.grant(payload.readUInt32LE(0));
    else if (type === FrameType.input) this.#calls.get(id)?.take(payload);
    else if (type === FrameType.call) void this.#run(id, payload);
  }

  async #run(id: number, payload: Buffer): Promise<void> {
    try {
      const call = new Call(id, JSON.parse(payload.toString("utf8")) as Record<string, unknown>, this.window, this.#write);
      this.#calls.set(id, call);
      const result = await this.#handle!(call);
      this.#write(encodeFrame(FrameType.result, id, JSON.stringify(result ?? {})));
    } catch (error) {
      const failure = error instanceof CallFailure ? error : new CallFailure("internal", error instanceof Error ? error.message : String(error));
      if (failure.code === "internal") console.error(error instanceof Error ? (error.stack ?? error.message) : error);
      this.#write(encodeFrame(FrameType.failure, id, JSON.stringify({ code: failure.code, detail: failure.message })));
    } finally {
      this.#calls.delete(id);
    }
  }

  #write = (bytes: Buffer): void => {
    this.#socket.write(bytes);
  };
}
