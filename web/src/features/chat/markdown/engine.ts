import { BlockSplitter, type Block } from "./blocks";
import type { ColouredLine } from "./highlight";

/** A text that is read, and perhaps still grows. */
export interface ReadRequest {
  /** Of the reader: what it sends next belongs to the same text. */
  reader: number;
  /** How much of what it sent before still holds, and what follows. */
  keep: number;
  more: string;
  final: boolean;
}

/** From this block on all are new; those before it are as they were. */
export interface ReadReply {
  from: number;
  blocks: readonly Block[];
}

/** What the worker can do; the page does it itself where there are no workers. */
export interface MarkdownEngine {
  read: (request: ReadRequest) => Promise<ReadReply>;
  /** Null for a language without colours. */
  highlight: (code: string, language: string) => Promise<ColouredLine[] | null>;
  /** The reader is gone. */
  forget: (reader: number) => void;
}

interface Reading {
  splitter: BlockSplitter;
  text: string;
  told: readonly Block[];
}

export class LocalMarkdownEngine implements MarkdownEngine {
  readonly #readings = new Map<number, Reading>();

  read({ reader, keep, more, final }: ReadRequest): Promise<ReadReply> {
    const reading = this.#readings.get(reader) ?? { splitter: new BlockSplitter(), text: "", told: [] };
    reading.text = reading.text.slice(0, keep) + more;
    const blocks = reading.splitter.read(reading.text, final);
    let from = 0;
    while (from < blocks.length && blocks[from] === reading.told[from]) from++;
    reading.told = blocks;
    this.#readings.set(reader, reading);
    return Promise.resolve({ from, blocks: blocks.slice(from) });
  }

  async highlight(code: string, language: string): Promise<ColouredLine[] | null> {
    const { highlight } = await import("./highlight");
    return highlight(code, language);
  }

  forget(reader: number): void {
    this.#readings.delete(reader);
  }
}
