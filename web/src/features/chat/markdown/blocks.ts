import type { Token, Tokens } from "marked";
import { markdown } from "./parser";

/** One top-level piece of a message: a paragraph, a list, a table as HTML that nobody has made safe yet, or a piece of code. */
export interface Block {
  /** UTF-16 offset in the message, which a block keeps while the message grows. */
  at: number;
  /** Nothing that is appended to the message can change it any more. */
  closed: boolean;
  html: string;
  code: { text: string; language: string } | null;
}

/**
 * Cuts a growing Markdown text into blocks. What is already closed is kept as it is; only the open tail is read again, so the cost of a
 * frame does not depend on the length of the message.
 */
export class BlockSplitter {
  #closed: Block[] = [];
  #closedEnd = 0;
  #seen = "";
  /** Whether links were met whose address stands elsewhere. */
  #refers = false;

  /** The blocks of `text`, which most often begins with the text of the last call. Set `final` when nothing more will come. */
  read(source: string, final: boolean): readonly Block[] {
    const text = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
    if (!text.startsWith(this.#seen.slice(0, this.#closedEnd))) this.#reset();
    this.#seen = text;
    const readBefore = this.#closedEnd > 0;
    const blocks = this.#readTail(text, final);
    // The addresses stand at the end, most often: what was closed before them could not know them.
    if (!final || !readBefore || !this.#refers) return blocks;
    this.#reset();
    return this.#readTail(text, true);
  }

  #readTail(text: string, final: boolean): readonly Block[] {
    const tail: { at: number; token: Token }[] = [];
    let at = this.#closedEnd;
    for (const token of markdown.lexer(text.slice(this.#closedEnd))) {
      if (token.type === "def") this.#refers = true;
      else if (token.type !== "space") tail.push({ at, token });
      at += token.raw.length;
    }
    // The last block may still grow; everything before it is settled.
    const settled = final ? tail.length : Math.max(0, tail.length - 1);
    for (const block of tail.slice(0, settled)) this.#closed.push(blockOf(block, true));
    const open = tail[settled];
    this.#closedEnd = open ? open.at : final ? text.length : this.#closedEnd;
    return open ? [...this.#closed, blockOf(open, false)] : this.#closed.slice();
  }

  #reset(): void {
    this.#closed = [];
    this.#closedEnd = 0;
    this.#refers = false;
  }
}

function blockOf({ at, token }: { at: number; token: Token }, closed: boolean): Block {
  if (token.type !== "code") return { at, closed, html: markdown.parser([token]), code: null };
  const { text, lang } = token as Tokens.Code;
  return { at, closed, html: "", code: { text, language: lang?.split(/\s/, 1)[0] ?? "" } };
}
