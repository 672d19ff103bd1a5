import { SAMPLE_RATE } from "./audio.js";
import { keywordLines } from "./keywords.js";
import type { Kind, Settings } from "./settings.js";

type Model = NonNullable<Settings["model"]>;

/** sherpa-onnx's configuration of a recogniser that hears a whole stretch of speech; undefined when the model is none. */
export function recogniserConfig({ kind, files }: Model, threads: number): unknown {
  const { tokens, encoder, decoder, joiner, model } = files;
  const part = ({
    whisper: { whisper: { encoder, decoder, language: "", task: "transcribe", tailPaddings: -1 } },
    transducer: { transducer: { encoder, decoder, joiner } },
    paraformer: { paraformer: { model } },
    "sense-voice": { senseVoice: { model, language: "auto", useInverseTextNormalization: 1 } },
    ctc: { zipformerCtc: { model } },
  } as Partial<Record<Kind, object>>)[kind];
  return (
    part && {
      featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
      modelConfig: { ...part, tokens, numThreads: threads, provider: "cpu", debug: 0 },
    }
  );
}

/** sherpa-onnx's configuration of a recogniser that writes while one speaks; undefined when the model is none. */
export function streamingConfig({ kind, files }: Model, threads: number): unknown {
  const { tokens, encoder, decoder, joiner, model } = files;
  const part = ({
    "streaming-transducer": { transducer: { encoder, decoder, joiner } },
    "streaming-paraformer": { paraformer: { encoder, decoder } },
    "streaming-ctc": { zipformer2Ctc: { model } },
    "streaming-nemo-ctc": { nemoCtc: { model } },
    "streaming-t-one": { toneCtc: { model } },
  } as Partial<Record<Kind, object>>)[kind];
  return (
    part && {
      featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
      modelConfig: { ...part, tokens, numThreads: threads, provider: "cpu", debug: 0 },
      decodingMethod: "greedy_search",
      enableEndpoint: 1,
      ...ENDPOINT,
    }
  );
}

/** When what was said is final, in seconds: after a pause with nothing said and with something said, and in any case after so long. */
const ENDPOINT = { rule1MinTrailingSilence: 2.4, rule2MinTrailingSilence: 0.9, rule3MinUtteranceLength: 28 };

/** sherpa-onnx's configuration of what hears that Jean is called; undefined when the model does not. */
export function spotterConfig({ kind, files }: Model, threads: number): unknown {
  if (kind !== "keyword-spotter") return undefined;
  const { tokens, encoder, decoder, joiner } = files;
  const keywords = keywordLines(files);
  return {
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: { transducer: { encoder, decoder, joiner }, tokens, numThreads: threads, provider: "cpu", debug: 0 },
    maxActivePaths: 4,
    numTrailingBlanks: 1,
    keywordsScore: 1,
    keywordsThreshold: 0.25,
    keywordsBuf: keywords,
    keywordsBufSize: Buffer.byteLength(keywords),
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

/** sherpa-onnx's configuration of what tells voices apart; undefined when the model does not. */
export function diarisationConfig({ kind, files }: Model, threads: number): unknown {
  if (kind !== "diarisation") return undefined;
  const runs = { numThreads: threads, provider: "cpu", debug: 0 };
  return {
    segmentation: { pyannote: { model: files["segmentation"] }, ...runs },
    embedding: { model: files["embedding"], ...runs },
    clustering: { numClusters: -1, threshold: 0.5 },
    minDurationOn: 0.2,
    minDurationOff: 0.5,
  };
}

/** sherpa-onnx's configuration of what knows a voice again; undefined when the model does not. */
export function embedderConfig({ kind, files }: Model, threads: number): unknown {
  return kind === "speaker-embedding" ? { model: files["embedding"], numThreads: threads, provider: "cpu", debug: 0 } : undefined;
}

/** sherpa-onnx's configuration of what tells languages apart; undefined when the model does not. */
export function languageConfig({ kind, files }: Model, threads: number): unknown {
  const { encoder, decoder } = files;
  return kind === "language" ? { whisper: { encoder, decoder, tailPaddings: -1 }, numThreads: threads, provider: "cpu", debug: 0 } : undefined;
}

/** sherpa-onnx's configuration of what takes noise away; undefined when the model does not. */
export function denoiserConfig({ kind, files }: Model, threads: number): unknown {
  return kind === "gtcrn" || kind === "dpdfnet" ? { model: { [kind]: { model: files["model"] }, numThreads: threads, provider: "cpu", debug: 0 } } : undefined;
}
