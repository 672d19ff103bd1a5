import * as Y from "yjs";
import { api } from "@/shared/api/client";
import { ApiError } from "@/shared/api/error";
import type { SharedDraft } from "@/shared/api/types";
import { onReturn, subscribe } from "@/shared/live/live";
import { changedSpan, type ChangedSpan } from "./changed-span";
import { windowId, type Caret } from "./presence";

// Loaded only where a conversation has several people: Yjs is too heavy for the others.

const pauseMs = 120;
const longestPauseMs = 15_000;
/** So many updates are put together to one by whoever opens the text next. */
const manyUpdates = 60;

interface Heard {
  draft: string;
  position: number;
  windowId: string;
  update: string | null;
}

export interface SharedTextOptions {
  conversationId: string;
  /** The id of a message, or of the conversation for the question to come. */
  draft: string;
  topic: string;
  /** What stands in the box already: it begins the text when nobody has. */
  initial: string;
  /** Whether that was typed by the person, and is added to what the others wrote. */
  typed: boolean;
  /** The text as it is now, and what somebody else did to it. */
  onText: (text: string, span: ChangedSpan) => void;
  /** The server has all that was typed here. */
  onKept: () => void;
}

const encode = (bytes: Uint8Array): string => {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
};
const decode = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const textName = "text";

/** A text that several people write at once. What is typed here is there at once, goes out in a moment, and is kept until it is through. */
export class SharedText {
  readonly #options: SharedTextOptions;
  readonly #doc = new Y.Doc();
  readonly #text = this.#doc.getText(textName);
  readonly #path: string;
  readonly #stops: (() => void)[];
  #position = 0;
  #unsent: Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #failures = 0;
  #closed = false;
  #read = false;
  /** What the person has made of the text before it was known what stands there. */
  #early: string | null = null;
  #reading: Promise<void> | null = null;
  #held = false;
  #heldBack: SharedDraft["items"] = [];

  constructor(options: SharedTextOptions) {
    this.#options = options;
    this.#path = `/api/chat/conversations/${options.conversationId}/drafts/${options.draft}`;
    this.#doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.#unsent.push(update);
      this.#later(pauseMs);
    });
    this.#stops = [
      subscribe(options.topic, (name, data) => {
        if (name === "chat.draft") this.#hear(data as Heard);
      }, () => void this.#catchUp()),
      onReturn(() => void this.#fetch()),
    ];
    void this.#fetch();
  }

  /** What the person made of the text. */
  write(text: string): void {
    if (!this.#read) {
      this.#early = text;
      return;
    }
    const span = changedSpan(this.#text.toJSON(), text);
    if (!span) return;
    this.#doc.transact(() => {
      if (span.removed > 0) this.#text.delete(span.at, span.removed);
      if (span.added) this.#text.insert(span.at, span.added);
    });
  }

  /**
   * Where somebody is, so that it stays there in the words whatever the others do. Null while the box shows something else.
   * A caret goes on before what is typed at it; a selection keeps to its own letters and takes none in at its ends.
   */
  caretAt(shown: string, anchor: number, head: number): Caret | null {
    if (shown !== this.#text.toJSON()) return null;
    const place = (at: number, end: boolean): string => encode(Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(this.#text, at, end ? -1 : 0)));
    return { anchor: place(anchor, anchor > head), head: place(head, head > anchor) };
  }

  /** Where somebody else's caret is in the text now; null when it is at letters that have not come yet, or is none. */
  find(caret: Caret): readonly [anchor: number, head: number] | null {
    const anchor = this.#offset(caret.anchor);
    const head = this.#offset(caret.head);
    return anchor === null || head === null ? null : [anchor, head];
  }

  #offset(place: string): number | null {
    try {
      const relative = Y.decodeRelativePosition(decode(place));
      // Asked for a text of another name, the document would make one.
      if (relative.item === null && relative.tname !== textName) return null;
      const absolute = Y.createAbsolutePositionFromRelativePosition(relative, this.#doc);
      return absolute?.type === this.#text ? absolute.index : null;
    } catch {
      // Somebody's program wrote nonsense.
      return null;
    }
  }

  /** While letters are put together the box must not change under them: what the others write waits. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    const waiting = this.#heldBack;
    this.#heldBack = [];
    if (waiting.length > 0) this.#take(waiting, false);
  }

  /** Sends what is left and ends. */
  close(): void {
    for (const stop of this.#stops) stop();
    this.#closed = true;
    void this.#flush();
  }

  #hear({ draft, position, windowId: from, update }: Heard): void {
    if (draft !== this.#options.draft || this.#closed) return;
    // Between the last known one and this there may be others, whose events are late or lost: merging is in any order, and the next fetch finds them.
    if (from === windowId) return;
    if (update === null || !this.#read) void this.#fetch();
    else this.#take([{ position, update }], false);
  }

  #take(pieces: SharedDraft["items"], known = true): void {
    if (this.#held) {
      this.#heldBack = [...this.#heldBack, ...pieces];
      return;
    }
    const before = this.#text.toJSON();
    this.#doc.transact(() => {
      for (const piece of pieces) {
        try {
          Y.applyUpdate(this.#doc, decode(piece.update), this);
        } catch {
          // Not a Yjs update: somebody's program wrote nonsense, and the text is what the others make of it.
        }
        if (known) this.#position = Math.max(this.#position, piece.position);
      }
    }, this);
    // Something before it is missing: its event was lost.
    if (!known && this.#doc.store.pendingStructs) void this.#catchUp();
    const after = this.#text.toJSON();
    const span = changedSpan(before, after);
    if (span && !this.#closed) this.#options.onText(after, span);
  }

  /** Reads what came after the reading that may be under way. */
  async #catchUp(): Promise<void> {
    await this.#reading;
    if (!this.#closed) await this.#fetch();
  }

  #fetch(): Promise<void> {
    return (this.#reading ??= this.#readAll().finally(() => { this.#reading = null; }));
  }

  async #readAll(): Promise<void> {
    try {
      const { items } = await api.get<SharedDraft>(this.#path, { query: { after: this.#position } });
      const first = !this.#read;
      this.#read = true;
      this.#take(items);
      if (first) this.#begin(items.length);
    } catch (error) {
      if (!this.#closed && !(error instanceof ApiError && error.status === 404)) setTimeout(() => void this.#fetch(), 3_000);
    }
  }

  #begin(pieces: number): void {
    const { initial, typed } = this.#options;
    const early = this.#early;
    const own = early ?? initial;
    const there = this.#text.toJSON();
    if (early !== null && there === initial) this.write(early);
    // What one had written before is not lost to what the others wrote.
    else if (own && (there === "" || ((typed || early !== null) && !there.includes(own)))) this.#doc.transact(() => this.#text.insert(this.#text.length, (this.#text.length > 0 ? "\n" : "") + own));
    if (this.#unsent.length === 0) this.#options.onKept();
    if (own || early !== null) this.#options.onText(this.#text.toJSON(), { at: 0, removed: 0, added: "" });
    if (pieces > manyUpdates) void this.#send(Y.encodeStateAsUpdate(this.#doc), this.#position).catch(() => undefined);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#flush(), ms);
  }

  async #flush(): Promise<void> {
    if (this.#sending || this.#unsent.length === 0) return;
    this.#sending = true;
    const batch = this.#unsent;
    this.#unsent = [];
    try {
      await this.#send(Y.mergeUpdates(batch));
      this.#failures = 0;
      if (this.#unsent.length > 0) this.#later(pauseMs);
      else if (!this.#closed) this.#options.onKept();
    } catch (error) {
      // Refused for good: the role changed, or the conversation is gone. Else it is tried until it is through.
      if (error instanceof ApiError && [403, 404].includes(error.status)) return;
      this.#unsent.unshift(...batch);
      this.#failures++;
      if (!this.#closed) this.#later(Math.min(longestPauseMs, pauseMs * 2 ** this.#failures));
    } finally {
      this.#sending = false;
    }
  }

  async #send(update: Uint8Array, replaces?: number): Promise<void> {
    await api.post<{ position: number }>(this.#path, { update: encode(update), windowId, ...(replaces === undefined ? {} : { replaces }) });
  }
}
