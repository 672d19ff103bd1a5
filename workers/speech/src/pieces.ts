/** Source: SentencePiece's sentencepiece_model.proto: ModelProto (1 pieces, 2 trainer_spec), SentencePiece (1 piece, 2 score, 3 type), TrainerSpec (3 model_type). */
const PIECES = 1;
const TRAINER = 2;
const [PIECE, SCORE, TYPE] = [1, 2, 3];
const MODEL_TYPE = 3;
const NORMAL = 1;
const UNIGRAM = 1;
const BPE = 2;

/** What the pieces of words are by the file that a model's tokens were made with. Other kinds than unigram and BPE are not read. */
export class Pieces {
  private constructor(
    private readonly scores: ReadonlyMap<string, number>,
    private readonly type: number,
  ) {}

  /** Undefined when it is no such file. */
  static read(bytes: Buffer): Pieces | undefined {
    try {
      const scores = new Map<string, number>();
      let type = UNIGRAM;
      for (const { field, value } of fields(bytes)) {
        if (!Buffer.isBuffer(value)) continue;
        if (field === TRAINER) for (const one of fields(value)) if (one.field === MODEL_TYPE && typeof one.value === "number") type = one.value;
        if (field !== PIECES) continue;
        const piece = Object.fromEntries([...fields(value)].map((one) => [one.field, one.value])) as Record<number, Buffer | number | undefined>;
        const [text, score] = [piece[PIECE], piece[SCORE]];
        if ((piece[TYPE] ?? NORMAL) === NORMAL && Buffer.isBuffer(text)) scores.set(text.toString("utf8"), Buffer.isBuffer(score) ? score.readFloatLE(0) : 0);
      }
      return scores.size > 0 && (type === UNIGRAM || type === BPE) ? new Pieces(scores, type) : undefined;
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Undefined when some of the text has no piece. */
  split(text: string): string[] | undefined {
    return this.type === BPE ? this.#merge(text) : this.#likeliest(text);
  }

  /** Unigram: the pieces whose scores, which are logarithms of likelihoods, are the most together. */
  #likeliest(text: string): string[] | undefined {
    const best: ({ score: number; pieces: string[] } | undefined)[] = [{ score: 0, pieces: [] }];
    for (let end = 1; end <= text.length; end++) {
      for (let start = 0; start < end; start++) {
        const before = best[start];
        const piece = text.slice(start, end);
        const score = this.scores.get(piece);
        if (!before || score === undefined) continue;
        const sum = before.score + score;
        if (sum > (best[end]?.score ?? Number.NEGATIVE_INFINITY)) best[end] = { score: sum, pieces: [...before.pieces, piece] };
      }
    }
    return best[text.length]?.pieces;
  }

  /** BPE: of all neighbours those are joined first whose union has the best score, until none can be. */
  #merge(text: string): string[] | undefined {
    const parts = Array.from(text);
    while (true) {
      const unions = parts.slice(1).map((part, at) => ({ at, score: this.scores.get(parts[at]! + part) })).filter((one): one is { at: number; score: number } => one.score !== undefined);
      if (unions.length === 0) return parts.every((part) => this.scores.has(part)) ? parts : undefined;
      const { at } = unions.reduce((one, other) => (other.score > one.score ? other : one));
      parts.splice(at, 2, parts[at]! + parts[at + 1]!);
    }
  }
}

/** The fields of a message, in their order: whole numbers, and the bytes of all else. Throws a RangeError where it breaks off. */
function* fields(bytes: Buffer): Generator<{ field: number; value: number | Buffer }> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const next = bytes.readUInt8(at++);
      value += (next & 0x7f) * factor;
      if (next < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError("It breaks off.");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) yield { field, value: varint() };
    else if (wire === 1) yield { field, value: take(8) };
    else if (wire === 2) yield { field, value: take(varint()) };
    else if (wire === 5) yield { field, value: take(4) };
    else throw new RangeError("It is no such file.");
  }
}
