import type { Token } from "marked";
import { markdown } from "./parser";

/** One top-level piece of a message: a paragraph, a list, a code block, a table. */
export interface Block {
  /** UTF-16 offset in the message; with `raw` it identifies the block, so that a closed one is never rendered again. */
  at: number;
  raw: string;
  token: Token;
  /** Nothing that is appended to the message can change it any more. */
  closed: boolean;
}

/**
 * Cuts a growing Markdown text into blocks. What is already closed is kept as it is; only the open tail is read again, so the cost of a
 * frame does not depend on the length of the message.
 */
export class BlockSplitter {
  #closed: Block[] = [];
  #closedEnd = 0;
  #seen = "";

  /** The blocks of `text`, which most often begins with the text of the last call. Set `final` when nothing more will come. */
  read(text: string, final: boolean): readonly Block[] {
    if (!text.startsWith(this.#seen.slice(0, this.#closedEnd))) this.#reset();
    this.#seen = text;
    const tail: Block[] = [];
    let at = this.#closedEnd;
    for (const token of markdown.lexer(text.slice(this.#closedEnd))) {
      if (token.type !== "space" && token.type !== "def") tail.push({ at, raw: token.raw, token, closed: false });
      at += token.raw.length;
    }
    // The last block may still grow; everything before it is settled.
    const settled = final ? tail.length : tail.length - 1;
    for (const block of tail.slice(0, Math.max(0, settled))) this.#closed.push({ ...block, closed: true });
    const open = tail.slice(Math.max(0, settled));
    const first = open[0];
    this.#closedEnd = first ? first.at : final ? text.length : this.#closedEnd;
    return open.length > 0 ? [...this.#closed, ...open] : this.#closed.slice();
  }

  #reset(): void {
    this.#closed = [];
    this.#closedEnd = 0;
  }
}
