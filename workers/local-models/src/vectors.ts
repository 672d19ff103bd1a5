import type { LlamaEmbeddingContext, LlamaModel, LlamaRankingContext } from "node-llama-cpp";
import { CallFailure, type Call } from "../../shared/dist/calls.js";
import type { Engine } from "./engine.js";

type Body = Record<string, unknown>;

const MAX_INPUTS = 2048;

/** OpenAI's embeddings: vectors of length one, shortened to `dimensions` where that is asked (the first ones matter most in models trained for it). */
export async function runEmbeddings(engine: Engine, model: LlamaModel, context: LlamaEmbeddingContext, call: Call, body: Body): Promise<unknown> {
  const inputs = typeof body["input"] === "string" ? [body["input"]] : body["input"];
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > MAX_INPUTS || inputs.some((one) => typeof one !== "string" || one.length === 0))
    throw new CallFailure("request_invalid", "The input is neither a text nor a list of texts.");
  const dimensions = body["dimensions"];
  if (dimensions !== undefined && (!Number.isInteger(dimensions) || (dimensions as number) < 1 || (dimensions as number) > model.embeddingVectorSize))
    throw new CallFailure("request_invalid", `This model has ${model.embeddingVectorSize} dimensions.`);
  let tokens = 0;
  const data = [];
  for (const [index, input] of (inputs as string[]).entries()) {
    if (call.cancelled) return {};
    const length = context.calculateInputLength(input);
    if (length > engine.settings.contextSize)
      throw new CallFailure("context_too_long", `A text has ${length} tokens, which exceeds the context size of ${engine.settings.contextSize} tokens.`);
    tokens += length;
    const { vector } = await context.getEmbeddingFor(input);
    const unit = normalised(dimensions === undefined ? vector : vector.slice(0, dimensions as number));
    data.push({ object: "embedding", index, embedding: body["encoding_format"] === "base64" ? base64(unit) : unit });
    if (index % 16 === 15) call.event(JSON.stringify({ embedded: index + 1 }));
  }
  return { body: { object: "list", model: String(body["model"] ?? ""), data, usage: { prompt_tokens: tokens, total_tokens: tokens } } };
}

/** Cohere's and Jina's rerank: the documents by how likely they answer the query. */
export async function runRerank(model: LlamaModel, context: LlamaRankingContext, call: Call, body: Body): Promise<unknown> {
  const query = body["query"];
  const documents = body["documents"];
  if (typeof query !== "string" || !Array.isArray(documents) || documents.length === 0 || documents.length > MAX_INPUTS)
    throw new CallFailure("request_invalid", "A rerank needs a query and documents.");
  const texts = documents.map((one) => (typeof one === "string" ? one : String((one as { text?: unknown } | null)?.text ?? "")));
  const results: { index: number; relevance_score: number; document?: { text: string } }[] = [];
  let tokens = 0;
  for (const [index, text] of texts.entries()) {
    if (call.cancelled) return {};
    tokens += context.calculateInputLength(query, text);
    const score = await context.rank(query, text, { onOverflow: "maxChunk" });
    results.push({ index, relevance_score: score, ...(body["return_documents"] === true ? { document: { text } } : {}) });
    if (index % 16 === 15) call.event(JSON.stringify({ ranked: index + 1 }));
  }
  results.sort((left, right) => right.relevance_score - left.relevance_score || left.index - right.index);
  const top = typeof body["top_n"] === "number" ? body["top_n"] : results.length;
  return { body: { model: String(body["model"] ?? model.filename ?? ""), results: results.slice(0, top), usage: { prompt_tokens: tokens, total_tokens: tokens } } };
}

function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : [...vector];
}

function base64(vector: number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString("base64");
}
