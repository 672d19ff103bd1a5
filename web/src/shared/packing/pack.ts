const sampleBytes = 65_536;
/** What shrinks to more than this is as good as packed already. */
const worthwhile = 0.8;
/** The server takes what unpacks to two hundred times its size for an attack. */
const furthest = 150;

const gzipped = (part: Blob): Promise<Blob> => new Response(part.stream().pipeThrough(new CompressionStream("gzip"))).blob();

/** The file compressed, piece by piece; null where that does not pay. */
export async function pack(file: Blob): Promise<Blob | null> {
  const sample = file.slice(0, sampleBytes);
  if ((await gzipped(sample)).size > sample.size * worthwhile) return null;
  const packed = await gzipped(file);
  return packed.size <= file.size * worthwhile && packed.size * furthest >= file.size ? packed : null;
}
