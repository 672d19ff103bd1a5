import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { runSegments, runTranscribe } from "./hearing.js";
import { runListen, runTranscribeOnline } from "./listening.js";
import { runDenoise } from "./denoising.js";
import { denoiserConfig, diarisationConfig, embedderConfig, languageConfig, recogniserConfig, spotterConfig, streamingConfig, voiceConfig } from "./models.js";
import type { Settings } from "./settings.js";
import { sherpa, type Denoiser, type Diarisation, type Embedder, type KeywordSpotter, type LanguageFinder, type OnlineRecogniser, type Recogniser, type Voice } from "./sherpa.js";
import { runDiarise, runIdentify, runLanguage, runVoiceprint } from "./speakers.js";
import { runSpeak } from "./speaking.js";
import { runSpot } from "./spotting.js";
import { Turns } from "./turns.js";

type Body = Record<string, unknown>;

/** One of them, or none. */
interface Loaded {
  recogniser?: Recogniser;
  online?: OnlineRecogniser;
  voice?: Voice;
  diarisation?: Diarisation;
  embedder?: Embedder;
  language?: LanguageFinder;
  denoiser?: () => Denoiser;
  spotter?: KeywordSpotter;
}

/** The model of this process, where it has one. It is loaded at once; calls wait for it and hear that it is being loaded. */
export class Engine {
  readonly #turns = new Turns();
  readonly #loading: Promise<Loaded>;
  readonly #started = performance.now();
  #loadMs: number | undefined;

  constructor(private readonly settings: Settings) {
    // After the hello: the library blocks everything while it is read from the disk.
    this.#loading = new Promise<void>(setImmediate).then(() => this.#load());
    this.#loading.catch(() => undefined);
  }

  async load(call: Call): Promise<unknown> {
    const { voice } = await this.#loaded(call);
    return {
      kind: this.settings.model?.kind ?? "voice-activity",
      loadMs: Math.round(this.#loadMs ?? 0),
      sampleRate: voice?.sampleRate ?? null,
      speakers: voice ? Math.max(1, voice.numSpeakers) : null,
      residentBytes: process.memoryUsage().rss,
    };
  }

  async segments(call: Call, body: Body): Promise<unknown> {
    return await runSegments(call, body);
  }

  async transcribe(call: Call, body: Body): Promise<unknown> {
    const { recogniser, online } = await this.#loaded(call);
    if (online) return await runTranscribeOnline(online, call);
    if (!recogniser) throw new CallFailure("not_supported", "This model does not write down what is said.");
    return await runTranscribe(recogniser, this.#turns, call, body);
  }

  async listen(call: Call): Promise<unknown> {
    const { online } = await this.#loaded(call);
    if (!online) throw new CallFailure("not_supported", "This model does not write while one speaks.");
    return await runListen(online, call);
  }

  async diarise(call: Call, body: Body): Promise<unknown> {
    const { diarisation } = await this.#loaded(call);
    if (!diarisation) throw new CallFailure("not_supported", "This model does not tell voices apart.");
    return await runDiarise(diarisation, this.#turns, call, body);
  }

  async voiceprint(call: Call): Promise<unknown> {
    return await runVoiceprint(await this.#embedder(call), this.#turns, call);
  }

  async identify(call: Call, body: Body): Promise<unknown> {
    return await runIdentify(await this.#embedder(call), this.#turns, call, body);
  }

  async language(call: Call): Promise<unknown> {
    const { language } = await this.#loaded(call);
    if (!language) throw new CallFailure("not_supported", "This model does not tell languages apart.");
    return await runLanguage(language, this.#turns, call);
  }

  async denoise(call: Call): Promise<unknown> {
    const { denoiser } = await this.#loaded(call);
    if (!denoiser) throw new CallFailure("not_supported", "This model does not take noise away.");
    return await runDenoise(denoiser, call);
  }

  async spot(call: Call): Promise<unknown> {
    const { spotter } = await this.#loaded(call);
    if (!spotter) throw new CallFailure("not_supported", "This model does not listen for a word.");
    return await runSpot(spotter, call);
  }

  async #embedder(call: Call): Promise<Embedder> {
    const { embedder } = await this.#loaded(call);
    if (!embedder) throw new CallFailure("not_supported", "This model does not know a voice again.");
    return embedder;
  }

  async speak(call: Call, body: Body): Promise<unknown> {
    const { voice } = await this.#loaded(call);
    if (!voice) throw new CallFailure("not_supported", "This model does not speak.");
    return await runSpeak(voice, this.#turns, call, body);
  }

  /** Also tells the caller that it is being loaded: a large one takes longer than a silent call may take. */
  async #loaded(call: Call): Promise<Loaded> {
    const timer = this.#loadMs === undefined ? setInterval(() => call.event('{"loading":true}'), 1000) : undefined;
    try {
      return await this.#loading;
    } finally {
      clearInterval(timer);
    }
  }

  async #load(): Promise<Loaded> {
    const { model, threads } = this.settings;
    if (!model) {
      this.#loadMs = performance.now() - this.#started;
      return {};
    }
    const engine = sherpa();
    try {
      const [voice, recogniser, online, diarisation, embedder, language, denoiser, spotter] = [
        voiceConfig, recogniserConfig, streamingConfig, diarisationConfig, embedderConfig, languageConfig, denoiserConfig, spotterConfig,
      ]
        .map((configure) => configure(model, threads));
      const loaded: Loaded = {
        ...(voice ? { voice: await engine.OfflineTts.createAsync(voice) } : {}),
        ...(recogniser ? { recogniser: await engine.OfflineRecognizer.createAsync(recogniser) } : {}),
        ...(diarisation ? { diarisation: new engine.OfflineSpeakerDiarization(diarisation) } : {}),
        ...(embedder ? { embedder: new engine.SpeakerEmbeddingExtractor(embedder) } : {}),
        ...(language ? { language: new engine.SpokenLanguageIdentification(language) } : {}),
        ...(denoiser ? { denoiser: () => new engine.OnlineSpeechDenoiser(denoiser) } : {}),
        ...(spotter ? { spotter: new engine.KeywordSpotter(spotter) } : {}),
        ...(online ? { online: new engine.OnlineRecognizer(online) } : {}),
      };
      this.#loadMs = performance.now() - this.#started;
      return loaded;
    } catch (error) {
      if (error instanceof CallFailure) throw error;
      throw new CallFailure("model_unreadable", error instanceof Error ? error.message : String(error));
    }
  }
}
