import { randomUUID } from "node:crypto";
import type { Call } from "../../shared/dist/calls.js";

export interface Counts {
  prompt: number;
  cached: number;
  output: number;
  promptMs: number;
  outputMs: number;
}

const FINISH: Record<string, string> = { maxTokens: "length", functionCalls: "tool_calls" };

interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** Writes what the model says in OpenAI's words. Source: OpenAI API reference, chat completion object and its chunk. */
export class Reply {
  readonly #stream: boolean;
  readonly #head: string;
  readonly #calls: ToolCall[] = [];
  #content = "";
  #reasoning = "";
  #callIndexes = new Map<number, number>();
  #told = false;

  constructor(
    private readonly call: Call,
    private readonly body: Record<string, unknown>,
    private readonly id: string,
  ) {
    this.#stream = body["stream"] === true;
    this.#head = `{"id":"${id}","object":"chat.completion.chunk","created":${this.#created},"model":${JSON.stringify(String(body["model"] ?? ""))},"choices":[`;
  }

  readonly #created = Math.floor(Date.now() / 1000);

  text(text: string): void {
    if (text.length === 0) return;
    if (this.#stream) this.#delta(`"content":${JSON.stringify(text)}`);
    else this.#content += text;
  }

  thought(text: string): void {
    if (text.length === 0) return;
    if (this.#stream) this.#delta(`"reasoning_content":${JSON.stringify(text)}`);
    else this.#reasoning += text;
  }

  callPiece(index: number, name: string, piece: string): void {
    let at = this.#callIndexes.get(index);
    if (at === undefined) {
      at = this.#open(name);
      this.#callIndexes.set(index, at);
    }
    const call = this.#calls[at]!;
    call.arguments += piece;
    if (this.#stream && piece.length > 0) this.#delta(`"tool_calls":[{"index":${at},"function":{"arguments":${JSON.stringify(piece)}}}]`);
  }

  /** Whether the last tool call is one that can be read. */
  get hasWholeCall(): boolean {
    try {
      JSON.parse(this.#calls.at(-1)?.arguments ?? "");
      return true;
    } catch {
      return false;
    }
  }

  /** A function without parameters has no pieces. */
  callEnded(name: string, params: unknown): void {
    const last = this.#calls.at(-1);
    if (last?.name === name && last.arguments.length > 0 && this.#calls.length === this.#callIndexes.size) return;
    const at = last?.name === name && last.arguments.length === 0 ? this.#calls.length - 1 : this.#open(name);
    const text = JSON.stringify(params ?? {});
    this.#calls[at]!.arguments = text;
    if (this.#stream) this.#delta(`"tool_calls":[{"index":${at},"function":{"arguments":${JSON.stringify(text)}}}]`);
  }

  end(stopReason: string, counts: Counts): unknown {
    const finish = FINISH[stopReason] ?? (this.#calls.length > 0 ? "tool_calls" : "stop");
    const usage = {
      prompt_tokens: counts.prompt,
      completion_tokens: counts.output,
      total_tokens: counts.prompt + counts.output,
      prompt_tokens_details: { cached_tokens: counts.cached },
    };
    const timings = { prompt_n: counts.prompt - counts.cached, prompt_ms: counts.promptMs, cache_n: counts.cached, predicted_n: counts.output, predicted_ms: counts.outputMs };
    if (!this.#stream) return this.#whole(finish, usage, timings);
    this.call.event(`${this.#head}{"index":0,"delta":${this.#told ? "{}" : '{"role":"assistant"}'},"finish_reason":"${finish}"}]}`);
    if ((this.body["stream_options"] as { include_usage?: boolean } | undefined)?.include_usage)
      this.call.event(`${this.#head}],"usage":${JSON.stringify(usage)},"timings":${JSON.stringify(timings)}}`);
    return { usage, timings };
  }

  #whole(finish: string, usage: unknown, timings: unknown): unknown {
    const message = {
      role: "assistant",
      content: this.#content.length > 0 || this.#calls.length === 0 ? this.#content : null,
      ...(this.#reasoning.length > 0 ? { reasoning_content: this.#reasoning } : {}),
      ...(this.#calls.length > 0
        ? { tool_calls: this.#calls.map(({ id, name, arguments: text }) => ({ id, type: "function", function: { name, arguments: text } })) }
        : {}),
    };
    const completion = { id: this.id, object: "chat.completion", created: this.#created, model: String(this.body["model"] ?? "") };
    return { body: { ...completion, choices: [{ index: 0, message, finish_reason: finish }], usage, timings }, usage, timings };
  }

  #open(name: string): number {
    const call = { id: `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`, name, arguments: "" };
    const at = this.#calls.push(call) - 1;
    if (this.#stream)
      this.#delta(`"tool_calls":[{"index":${at},"id":"${call.id}","type":"function","function":{"name":${JSON.stringify(name)},"arguments":""}}]`);
    return at;
  }

  #delta(members: string): void {
    const role = this.#told ? "" : '"role":"assistant",';
    this.#told = true;
    this.call.event(`${this.#head}{"index":0,"delta":{${role}${members}},"finish_reason":null}]}`);
  }
}
