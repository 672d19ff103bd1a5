/** Speech as the body sees it: what the lips and the face do, in milliseconds of the audio it belongs to. */
export interface VisemeCue {
  atMs: number;
  viseme: string;
  weight?: number;
}

export interface ExpressionCue {
  atMs: number;
  name: string;
  weight: number;
}

export interface Performance {
  durationMs: number;
  visemes: VisemeCue[];
  expressions: ExpressionCue[];
}

export const emotionNames = ["neutral", "happy", "angry", "sad", "relaxed", "surprised"] as const;
export type Emotion = (typeof emotionNames)[number];

export const isEmotion = (name: string): name is Emotion => (emotionNames as readonly string[]).includes(name);

/** Target weight of every emotion at a moment: the latest cue rules until the next one or the end. */
export function emotionAt(performance: Performance, timeMs: number): ExpressionCue | undefined {
  if (timeMs < 0 || timeMs > performance.durationMs) return undefined;
  let current: ExpressionCue | undefined;
  for (const cue of performance.expressions) {
    if (cue.atMs <= timeMs && (current === undefined || cue.atMs >= current.atMs) && isEmotion(cue.name)) current = cue;
  }
  return current;
}
