export interface ServerEvent {
  /** The last id seen so far, for `Last-Event-ID` when the stream has to be taken up again. */
  id: string | null;
  name: string;
  data: string;
}

/** Reads a `text/event-stream` body. Ends with the stream; breaking out of the loop cancels it. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Source: HTML Living Standard, §9.2.6 "Interpreting an event stream". */
export class EventParser {
  #rest = "";
  #id: string | null = null;
  #name = "";
  #data: string[] = [];
  #started = false;

  push(chunk: string): ServerEvent[] {
    if (!this.#started && chunk !== "") {
      this.#started = true;
      if (chunk.startsWith("\uFEFF")) chunk = chunk.slice(1);
    }
    this.#rest += chunk;
    const events: ServerEvent[] = [];
    // A lone \r at the very end may be half of \r\n: it waits for the next chunk.
    const line = /\r\n|\n|\r(?!$)/g;
    let start = 0;
    for (let end = line.exec(this.#rest); end; end = line.exec(this.#rest)) {
      const event = this.#line(this.#rest.slice(start, end.index));
      if (event) events.push(event);
      start = end.index + end[0].length;
    }
    this.#rest = this.#rest.slice(start);
    return events;
  }

  #line(line: string): ServerEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#name = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return undefined;
  }

  #dispatch(): ServerEvent | undefined {
    const event = this.#data.length > 0 ? { id: this.#id, name: this.#name || "message", data: this.#data.join("\n") } : undefined;
    this.#name = "";
    this.#data = [];
    return event;
  }
}
