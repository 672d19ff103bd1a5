/** It does not pay for less. */
export const smallest = 16_384;

/** A file compressed for a request to `path`, with the header that says so; null to send it as it is. Never fails, and brings its code along only when asked. */
export async function packedFor(path: string, name: string, file: Blob, signal?: AbortSignal): Promise<{ file: Blob; headers: Readonly<Record<string, string>> } | null> {
  try {
    const { packed, gzipHeader } = await import("./packed");
    const small = await packed(path, name, file, signal);
    return small && { file: small, headers: gzipHeader };
  } catch {
    return null;
  }
}
