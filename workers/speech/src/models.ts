import { SAMPLE_RATE } from "./audio.js";
import type { Settings } from "./settings.js";

type Model = NonNullable<Settings["model"]>;

/** sherpa-onnx's configuration of a recogniser. */
export function recogniserConfig({ kind, files }: Model, threads: number): unknown {
  const { tokens, encoder, decoder, joiner, model } = files;
  const part = {
    whisper: { whisper: { encoder, decoder, language: "", task: "transcribe", tailPaddings: -1 } },
    transducer: { transducer: { encoder, decoder, joiner } },
    paraformer: { paraformer: { model } },
    "sense-voice": { senseVoice: { model, language: "auto", useInverseTextNormalization: 1 } },
    ctc: { zipformerCtc: { model } },
    vits: {},
    kokoro: {},
    matcha: {},
  }[kind];
  return {
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: { ...part, tokens, numThreads: threads, provider: "cpu", debug: 0 },
  };
}

/** sherpa-onnx's configuration of a voice; undefined when the model is none. */
export function voiceConfig({ kind, files }: Model, threads: number): unknown {
  const { tokens, lexicon, data, model, voices, vocoder } = files;
  const shared = { tokens, ...(lexicon ? { lexicon } : {}), ...(data ? { dataDir: data } : {}) };
  const part =
    kind === "vits"
      ? { vits: { model, ...shared } }
      : kind === "kokoro"
        ? { kokoro: { model, voices, ...shared } }
        : kind === "matcha"
          ? { matcha: { acousticModel: model, vocoder, ...shared } }
          : undefined;
  return part && { model: { ...part, numThreads: threads, provider: "cpu", debug: 0 }, maxNumSentences: 1 };
}
