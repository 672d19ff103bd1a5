import {
  getLlama,
  InsufficientMemoryError,
  LlamaLogLevel,
  QwenChatWrapper,
  resolveChatWrapper,
  type ChatWrapper,
  type Llama,
  type LlamaContext,
  type LlamaEmbeddingContext,
  type LlamaModel,
  type LlamaRankingContext,
} from "node-llama-cpp";
import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { runChat } from "./chat.js";
import { runEmbeddings, runRerank } from "./vectors.js";
import { Places } from "./sequences.js";
import type { Settings } from "./settings.js";

export interface Loaded {
  model: LlamaModel;
  context?: LlamaContext;
  places?: Places;
  wrapper?: { thinking: ChatWrapper; plain: ChatWrapper };
  embedding?: LlamaEmbeddingContext;
  ranking?: LlamaRankingContext;
}

/** The one model of this process. It is loaded at once; calls wait for it and hear how far it is. */
export class Engine {
  readonly #loading: Promise<Loaded>;
  #progress = 0;
  #ready = false;
  #failure: CallFailure | undefined;
  readonly #started = performance.now();
  #loadMs = 0;
  readonly totals = { promptTokens: 0, promptMs: 0, cachedTokens: 0, outputTokens: 0, outputMs: 0, calls: 0 };

  private constructor(
    private readonly llama: Llama,
    readonly settings: Settings,
  ) {
    this.#loading = this.#load();
    this.#loading.catch(() => undefined);
  }

  static async start(settings: Settings): Promise<Engine> {
    // Asking for a graphics card where no engine for one is installed only costs time.
    const gpu = settings.gpu === "auto" && hasGraphicsEngine() ? "auto" : false;
    const llama = await getLlama({ gpu, build: "never", skipDownload: true, logLevel: LlamaLogLevel.error, maxThreads: 0 });
    return new Engine(llama, settings);
  }

  /** More threads than cores only wait for each other. */
  get #threads(): number {
    return this.settings.threads > 0 ? this.settings.threads : this.llama.cpuMathCores;
  }

  async load(call: Call): Promise<unknown> {
    await this.loaded(call);
    return this.status(0);
  }

  status(running: number): unknown {
    const memory = process.memoryUsage();
    return {
      state: this.#failure ? "failed" : this.#ready ? "ready" : "loading",
      progress: this.#progress,
      detail: this.#failure?.message ?? null,
      loadMs: Math.round(this.#loadMs),
      running,
      memory: { residentBytes: memory.rss, heapBytes: memory.heapUsed },
      totals: this.totals,
      release: this.llama.llamaCppRelease.release,
      gpu: this.llama.gpu || "none",
      threads: this.#threads,
      ...this.#description,
    };
  }

  #description: Record<string, unknown> = {};

  /** Also tells the caller how far the model is: a large one takes longer to load than a silent call may take. */
  async loaded(call: Call): Promise<Loaded> {
    const timer = this.#ready ? undefined : setInterval(() => call.event(JSON.stringify({ loading: this.#progress })), 1000);
    try {
      return await this.#loading;
    } finally {
      clearInterval(timer);
    }
  }

  async chat(call: Call, body: Record<string, unknown>): Promise<unknown> {
    const loaded = await this.loaded(call);
    if (!loaded.places) throw new CallFailure("not_supported", "This model does not chat.");
    return await runChat(this, loaded, call, body);
  }

  async embed(call: Call, body: Record<string, unknown>): Promise<unknown> {
    const loaded = await this.loaded(call);
    if (!loaded.embedding) throw new CallFailure("not_supported", "This model makes no embeddings.");
    return await runEmbeddings(this, loaded.model, loaded.embedding, call, body);
  }

  async rerank(call: Call, body: Record<string, unknown>): Promise<unknown> {
    const loaded = await this.loaded(call);
    if (!loaded.ranking) throw new CallFailure("not_supported", "This model does not rerank.");
    return await runRerank(loaded.model, loaded.ranking, call, body);
  }

  async tokens(body: Record<string, unknown>): Promise<unknown> {
    return { count: (await this.#loading).model.tokenize(String(body["text"] ?? "")).length };
  }

  async #load(): Promise<Loaded> {
    try {
      const model = await this.llama.loadModel({
        modelPath: this.settings.path,
        gpuLayers: this.settings.gpuLayers,
        onLoadProgress: (progress) => (this.#progress = progress),
      });
      const loaded = await this.#contexts(model);
      this.#loadMs = performance.now() - this.#started;
      this.#ready = true;
      this.#description = {
        architecture: model.fileInfo.metadata.general.architecture,
        trainContext: model.trainContextSize,
        contextSize: loaded.context?.contextSize ?? this.settings.contextSize,
        sequences: loaded.context?.totalSequences ?? 1,
        gpuLayers: model.gpuLayers,
        modelBytes: model.size,
        dimensions: model.embeddingVectorSize,
      };
      return loaded;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#failure =
        error instanceof CallFailure ? error : new CallFailure(error instanceof InsufficientMemoryError ? "memory" : "model_unreadable", detail);
      throw this.#failure;
    }
  }

  async #contexts(model: LlamaModel): Promise<Loaded> {
    const { contextSize, sequences, batchSize, purpose } = this.settings;
    const shared = { contextSize, batchSize, threads: this.#threads };
    if (purpose === "embedding") return { model, embedding: await model.createEmbeddingContext(shared) };
    if (purpose === "rerank") {
      if (!model.fileInsights.supportsRanking) throw new CallFailure("model_unreadable", "This file is no reranker.");
      return { model, ranking: await model.createRankingContext(shared) };
    }
    const context = await model.createContext({ ...shared, sequences });
    const thinking = resolveChatWrapper(model, { warningLogs: false });
    const plain =
      thinking instanceof QwenChatWrapper
        ? resolveChatWrapper(model, { warningLogs: false, customWrapperSettings: { qwen: { thoughts: "discourage" } } })
        : thinking;
    return { model, context, places: new Places(Array.from({ length: sequences }, () => context.getSequence())), wrapper: { thinking, plain } };
  }
}

function hasGraphicsEngine(): boolean {
  if (process.platform === "darwin") return true;
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  return ["cuda", "vulkan"].some((kind) => {
    try {
      return import.meta.resolve(`@node-llama-cpp/${platform}-${kind}`).length > 0;
    } catch {
      return false;
    }
  });
}
