/** What kind of model the files are, in the words of src/Modules/Models/Speech/SpeechKind.cs. */
export type Kind = "whisper" | "transducer" | "paraformer" | "sense-voice" | "ctc" | "vits" | "kokoro" | "matcha" | StreamingKind | "diarisation" | "speaker-embedding" | "language" | "gtcrn" | "dpdfnet" | "keyword-spotter";

/** Those that write while one speaks. */
export type StreamingKind = "streaming-transducer" | "streaming-paraformer" | "streaming-ctc" | "streaming-nemo-ctc" | "streaming-t-one";

/** How the server wants this process to be. It comes as JSON in the first argument. */
export interface Settings {
  /** Absent in the process that only tells speech from silence. */
  model?: { kind: Kind; files: Record<string, string> };
  /** More threads than cores only wait for each other. */
  threads: number;
  /** Unread events of one call after which it waits. */
  window: number;
}

export function readSettings(json: string | undefined): Settings {
  const given = JSON.parse(json ?? "{}") as Partial<Settings>;
  return { ...(given.model ? { model: given.model } : {}), threads: given.threads ?? 1, window: given.window ?? 64 };
}
