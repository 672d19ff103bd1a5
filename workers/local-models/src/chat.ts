import { randomUUID } from "node:crypto";
import { LlamaChat, LlamaText, type ChatHistoryItem, type ChatWrapper, type LlamaGrammar, type LlamaModel, type Token } from "node-llama-cpp";
import { CallFailure, type Call } from "../../shared/dist/calls.js";
import type { Engine, Loaded } from "./engine.js";
import { readHistory } from "./history.js";
import { Reply } from "./reply.js";
import { grammarSchema, readTools, type Tools } from "./schema.js";
import type { Place } from "./sequences.js";

type Body = Record<string, unknown>;

/** An OpenAI chat completion. A streamed one goes out as chunks, one event each; the result is the completion of one that is not. */
export async function runChat(engine: Engine, { model, places, wrapper }: Loaded, call: Call, body: Body): Promise<unknown> {
  const began = performance.now();
  if (typeof body["n"] === "number" && body["n"] > 1) throw new CallFailure("not_supported", "One answer at a time.");
  const history = readHistory(body["messages"]);
  const tools = readTools(body);
  const grammar = await readGrammar(model, body, tools);
  const chatWrapper = tools.forced ? forcing(chooseWrapper(wrapper!, body)) : chooseWrapper(wrapper!, body);
  const prompt = tokensOf(model, chatWrapper, history, tools);
  const room = engine.settings.contextSize - prompt.length;
  if (room < 1)
    throw new CallFailure("context_too_long", `The conversation has ${prompt.length} tokens, which exceeds the context size of ${engine.settings.contextSize} tokens.`);

  const place = await places!.take(prompt, call.signal);
  if (!place) return {};
  try {
    const cached = await prefill(place, prompt, engine.settings.batchSize, call);
    const read = performance.now();
    const reply = new Reply(call, body, `chatcmpl-${randomUUID()}`);
    place.gate = call.hasRoom ? gateOf(call) : () => call.room();
    const meter = place.sequence.tokenMeter.getState();
    const stopReason = call.cancelled ? "abort" : await generate(engine, place, chatWrapper, history, tools, grammar, call, body, reply, room);
    const output = place.sequence.tokenMeter.diff(meter).usedOutputTokens;
    const ended = performance.now();
    count(engine, prompt.length - cached, read - began, cached, output, ended - read);
    return reply.end(stopReason, { prompt: prompt.length, cached, output, promptMs: read - began, outputMs: ended - read });
  } finally {
    places!.release(place);
  }
}

async function generate(
  engine: Engine,
  place: Place,
  chatWrapper: ChatWrapper,
  history: ChatHistoryItem[],
  tools: Tools,
  grammar: LlamaGrammar | undefined,
  call: Call,
  body: Body,
  reply: Reply,
  room: number,
): Promise<string> {
  const chat = new LlamaChat({ contextSequence: place.sequence, chatWrapper });
  try {
    const common = {
      signal: call.signal,
      stopOnAbortSignal: true,
      maxTokens: Math.max(1, Math.min(room, numberOf(body, "max_completion_tokens") ?? numberOf(body, "max_tokens") ?? room)),
      ...samplingOf(engine, body),
      customStopTriggers: stopsOf(body),
      onResponseChunk: (chunk: { type: "segment" | undefined; segmentType: string | undefined; text: string }) =>
        chunk.segmentType === "thought" ? reply.thought(chunk.text) : reply.text(chunk.text),
    };
    const answer = await chat.generateResponse(
      history,
      tools.functions
        ? {
            ...common,
            functions: tools.functions,
            maxParallelFunctionCalls: tools.parallel && !tools.forced ? 8 : 1,
            onFunctionCallParamsChunk: (chunk) => reply.callPiece(chunk.callIndex, chunk.functionName, chunk.paramsChunk),
            onFunctionCall: (called) => reply.callEnded(called.functionName, called.params),
          }
        : { ...common, ...(grammar ? { grammar } : {}) },
    );
    return answer.metadata.stopReason;
  } catch (error) {
    // Cancelled before the first token: there is nothing to answer and nobody who waits for it.
    if (call.cancelled) return "abort";
    // The engine counts a finished call's numbers and characters otherwise than its own grammar does, and throws it away where they differ.
    if (tools.functions && reply.hasWholeCall) return "functionCalls";
    throw error;
  } finally {
    chat.dispose({ disposeSequence: false });
  }
}

/** Only a streamed reply fills up; most tokens find room, and need no promise to learn it. */
function gateOf(call: Call): () => Promise<void> {
  const open = Promise.resolve();
  return () => (call.hasRoom ? open : call.room());
}

/** Evaluates what the place does not hold yet, piece by piece, so that a long prompt can be called off; how much it held. */
async function prefill({ sequence }: Place, prompt: Token[], batchSize: number, call: Call): Promise<number> {
  const cached = Math.min(sequence.compareContextTokens(prompt).firstDifferentIndex, prompt.length - 1);
  const known = prompt.slice(0, -1);
  await sequence.adaptStateToTokens(known, false);
  for (let at = sequence.nextTokenIndex; at < known.length && !call.cancelled; at += batchSize) {
    await sequence.evaluateWithoutGeneratingNewTokens(known.slice(at, at + batchSize));
    if (at + batchSize < known.length) call.event(JSON.stringify({ reading: (at + batchSize) / known.length }));
  }
  return cached;
}

function tokensOf(model: LlamaModel, wrapper: ChatWrapper, history: ChatHistoryItem[], tools: Tools): Token[] {
  const chatHistory = history.at(-1)?.type === "model" ? history : [...history, { type: "model" as const, response: [] }];
  const { contextText } = wrapper.generateContextState({
    chatHistory,
    ...(tools.functions ? { availableFunctions: tools.functions, documentFunctionParams: true } : {}),
  });
  return contextText.tokenize(model.tokenizer);
}

function chooseWrapper(wrapper: { thinking: ChatWrapper; plain: ChatWrapper }, body: Body): ChatWrapper {
  const template = body["chat_template_kwargs"] as { enable_thinking?: boolean } | undefined;
  const off = body["enable_thinking"] === false || template?.enable_thinking === false || body["reasoning_effort"] === "none";
  return off ? wrapper.plain : wrapper.thinking;
}

/** The same template, but what comes next can only be a call of one of the tools. */
function forcing(wrapper: ChatWrapper): ChatWrapper {
  const forced = Object.create(wrapper) as ChatWrapper;
  forced.generateContextState = (options) => {
    const { contextText, stopGenerationTriggers } = wrapper.generateContextState(options);
    return { contextText, stopGenerationTriggers, noPrefixTrigger: { type: "functionCall", inject: LlamaText([]) } };
  };
  return forced;
}

async function readGrammar(model: LlamaModel, body: Body, tools: Tools): Promise<LlamaGrammar | undefined> {
  const format = body["response_format"] as { type?: string; json_schema?: { schema?: unknown } } | undefined;
  if (format === undefined || format === null || format.type === "text") return undefined;
  if (tools.functions) throw new CallFailure("not_supported", "A local model takes either tools or a response format.");
  if (format.type === "json_object") return await model.llama.getGrammarFor("json");
  if (format.type !== "json_schema") throw new CallFailure("request_invalid", `There is no response format ${String(format.type)}.`);
  try {
    return await model.llama.createGrammarForJsonSchema(grammarSchema(format.json_schema?.schema) as never);
  } catch (error) {
    if (error instanceof CallFailure) throw error;
    throw new CallFailure("request_invalid", `The schema cannot become a grammar: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function samplingOf({ settings }: Engine, body: Body) {
  const preset = settings.sampling;
  const penalties = { frequencyPenalty: numberOf(body, "frequency_penalty") ?? 0, presencePenalty: numberOf(body, "presence_penalty") ?? 0 };
  const chosen = {
    temperature: numberOf(body, "temperature") ?? preset.temperature ?? 0.7,
    topP: numberOf(body, "top_p") ?? preset.topP ?? 0.8,
    topK: numberOf(body, "top_k") ?? preset.topK ?? 20,
    minP: numberOf(body, "min_p") ?? preset.minP ?? 0,
    repeatPenalty: penalties.frequencyPenalty === 0 && penalties.presencePenalty === 0 ? (false as const) : { penalty: 1, ...penalties },
  };
  const seed = numberOf(body, "seed");
  return seed === undefined ? chosen : { ...chosen, seed };
}

function stopsOf(body: Body): string[] {
  const stop = body["stop"];
  return (typeof stop === "string" ? [stop] : Array.isArray(stop) ? stop : []).filter((one): one is string => typeof one === "string" && one.length > 0);
}

function numberOf(body: Body, name: string): number | undefined {
  const value = body[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function count({ totals }: Engine, promptTokens: number, promptMs: number, cachedTokens: number, outputTokens: number, outputMs: number): void {
  totals.calls++;
  totals.promptTokens += promptTokens;
  totals.promptMs += promptMs;
  totals.cachedTokens += cachedTokens;
  totals.outputTokens += outputTokens;
  totals.outputMs += outputMs;
}
