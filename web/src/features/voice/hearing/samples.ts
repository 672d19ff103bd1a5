/** What recognisers hear, in hertz. */
export const heardRate = 16_000;

/** Zero crossings of the filter on each side: enough that nothing folds back into what is heard. */
const reach = 16;

/** Another rate for the same sound, low-passed where samples are left out. Source: J. O. Smith, Digital Audio Resampling. */
export function resample(samples: Float32Array, from: number, to = heardRate): Float32Array {
  if (from === to) return samples;
  const scale = Math.min(1, to / from);
  const side = Math.ceil(reach / scale);
  const made = new Float32Array(Math.floor((samples.length * to) / from));
  for (let i = 0; i < made.length; i++) {
    const centre = (i * from) / to;
    const first = Math.max(0, Math.ceil(centre - side));
    const last = Math.min(samples.length - 1, Math.floor(centre + side));
    let sum = 0;
    for (let at = first; at <= last; at++) sum += samples[at]! * kernel((at - centre) * scale, side * scale);
    made[i] = sum * scale;
  }
  return made;
}

/** A sinc below a Hann window. */
function kernel(x: number, width: number): number {
  if (Math.abs(x) >= width) return 0;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / width);
  return Math.abs(x) < 1e-9 ? window : (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
}

/** 16-bit little-endian, as the server reads it. */
export function toPcm(samples: Float32Array): ArrayBuffer {
  const bytes = new ArrayBuffer(samples.length * 2);
  const view = new DataView(bytes);
  samples.forEach((sample, at) => view.setInt16(at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true));
  return bytes;
}

/** Pieces as one. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
