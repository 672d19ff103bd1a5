import type { Block } from "./blocks";
import { markdownEngine, withoutWorker, WorkerGone } from "./remote-engine";

const mostRemembered = 2_000_000;

/** What was read last, by its text: a message that comes into sight again is there at once. */
const remembered = new Map<string, readonly Block[]>();
let rememberedLength = 0;

/** What was read of texts that grow: when an answer ends, its message takes their place without a gap. */
const growing = new Map<MarkdownReader, { text: string; blocks: readonly Block[] }>();

const grownTo = (text: string): readonly Block[] | null =>
  [...growing.values()].find((grown) => grown.text.length > text.length / 2 && text.startsWith(grown.text))?.blocks ?? null;

function remember(text: string, blocks: readonly Block[]): void {
  if (remembered.delete(text)) rememberedLength -= text.length;
  remembered.set(text, blocks);
  rememberedLength += text.length;
  for (const oldest of remembered.keys()) {
    if (rememberedLength <= mostRemembered) break;
    remembered.delete(oldest);
    rememberedLength -= oldest.length;
  }
}

let readers = 0;

/** Has one text read, which may grow. While it is being read only the newest state of it waits. */
export class MarkdownReader {
  readonly #id = ++readers;
  readonly #listeners = new Set<() => void>();
  #blocks: readonly Block[] | null;
  #sent = "";
  /** What came of it. */
  #told: readonly Block[] = [];
  #wanted: { text: string; final: boolean } | null = null;
  #working = false;
  /** What is shown is the end of it, whatever is still on its way. */
  #settled = false;

  constructor(text: string) {
    this.#blocks = remembered.get(text) ?? grownTo(text);
  }

  /** Null until something was read. */
  readonly get = (): readonly Block[] | null => this.#blocks;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  read(text: string, final: boolean): void {
    const known = final ? remembered.get(text) : undefined;
    this.#settled = known !== undefined;
    this.#wanted = known ? null : { text, final };
    if (known) this.#show(known);
    else if (!this.#working) void this.#work();
  }

  /** Nothing is wanted any more, until something is read again. */
  close(): void {
    this.#wanted = null;
    growing.delete(this);
    if (!this.#sent) return;
    this.#sent = "";
    void markdownEngine().then((engine) => engine.forget(this.#id));
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#wanted) {
      const { text, final } = this.#wanted;
      this.#wanted = null;
      try {
        const blocks = await this.#ask(text, final);
        if (final) remember(text, blocks);
        else if (this.#sent) growing.set(this, { text, blocks });
        if (!this.#settled) this.#show(blocks);
      } catch {
        // The text itself is on the page; what comes next is asked for whole.
        this.#sent = "";
      }
    }
    this.#working = false;
  }

  async #ask(text: string, final: boolean): Promise<readonly Block[]> {
    const engine = await markdownEngine();
    const keep = text.startsWith(this.#sent) ? this.#sent.length : 0;
    this.#sent = text;
    try {
      const { from, blocks } = await engine.read({ reader: this.#id, keep, more: text.slice(keep), final });
      this.#told = [...this.#told.slice(0, from), ...blocks];
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error;
      const other = await withoutWorker(engine);
      this.#told = (await other.read({ reader: this.#id, keep: 0, more: text, final })).blocks;
    }
    return this.#told;
  }

  #show(blocks: readonly Block[]): void {
    if (blocks === this.#blocks) return;
    this.#blocks = blocks;
    for (const listener of this.#listeners) listener();
  }
}
