// Frames as src/Kernel/Workers/Frame.cs describes them: 0xF5, type, call number, length (little-endian), payload.

export const FrameType = {
  hello: 1,
  refusal: 2,
  call: 3,
  cancel: 4,
  event: 5,
  chunk: 6,
  result: 7,
  failure: 8,
  ping: 9,
  pong: 10,
  credit: 11,
  input: 12,
} as const;

const MAGIC = 0xf5;
const HEADER_BYTES = 10;
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

export interface Frame {
  type: number;
  call: number;
  payload: Buffer;
}

export function encodeFrame(type: number, call: number, payload: string | Buffer = ""): Buffer {
  const length = Buffer.byteLength(payload);
  if (length > MAX_PAYLOAD_BYTES) throw new RangeError("A frame may not be that long.");
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length);
  bytes[0] = MAGIC;
  bytes[1] = type;
  bytes.writeUInt32LE(call, 2);
  bytes.writeUInt32LE(length, 6);
  if (typeof payload === "string") bytes.write(payload, HEADER_BYTES);
  else payload.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** Takes pieces of a stream and gives the frames that they complete. Throws on anything that is no frame. */
export class FrameReader {
  #rest: Buffer[] = [];
  #length = 0;

  *take(piece: Buffer): Generator<Frame> {
    this.#rest.push(piece);
    this.#length += piece.length;
    while (this.#length >= HEADER_BYTES) {
      const bytes = this.#joined();
      if (bytes[0] !== MAGIC) throw new Error("Something other than a frame was sent.");
      const length = bytes.readUInt32LE(6);
      if (length > MAX_PAYLOAD_BYTES) throw new Error("A frame is too long.");
      const end = HEADER_BYTES + length;
      if (bytes.length < end) return;
      this.#rest = [bytes.subarray(end)];
      this.#length = bytes.length - end;
      yield { type: bytes[1]!, call: bytes.readUInt32LE(2), payload: bytes.subarray(HEADER_BYTES, end) };
    }
  }

  #joined(): Buffer {
    if (this.#rest.length > 1) this.#rest = [Buffer.concat(this.#rest, this.#length)];
    return this.#rest[0]!;
  }
}
