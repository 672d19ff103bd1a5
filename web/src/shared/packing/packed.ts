import { send } from "../api/client";

export const gzipHeader = { "Content-Encoding": "gzip" } as const;

/** Pictures, sound, films and archives are packed already. */
const media = /^(?:image\/(?!svg)|audio\/|video\/|application\/(?:pdf|zip|gzip|x-7z|x-xz|vnd\.openxml|vnd\.oasis|epub))/;
const archives = /\.(?:zip|gz|tgz|7z|xz|bz2|zst|docx|xlsx|pptx|odt|epub|jar)$/i;

const asked = new Map<string, Promise<boolean>>();

/** Whether the server takes compressed bodies at an address: it is asked once. Source: RFC 9110 §12.5.3. */
function accepts(path: string): Promise<boolean> {
  let answer = asked.get(path);
  if (!answer) {
    answer = send("OPTIONS", path).then(({ headers }) => /(?:^|[\s,])gzip\b/.test(headers.get("Accept-Encoding") ?? ""), () => {
      // A network that was away says nothing about the server.
      asked.delete(path);
      return false;
    });
    asked.set(path, answer);
  }
  return answer;
}

/** The file compressed in a worker of its own, for a request to `path` with `gzipHeader`; null to send it as it is. */
export async function packed(path: string, name: string, file: Blob, signal?: AbortSignal): Promise<Blob | null> {
  if (media.test(file.type) || archives.test(name)) return null;
  if (typeof Worker === "undefined" || typeof CompressionStream === "undefined" || !(await accepts(path)) || signal?.aborted) return null;
  const worker = new Worker(new URL("./pack.worker.ts", import.meta.url), { type: "module", name: "pack" });
  try {
    return await new Promise<Blob | null>((resolve) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Blob | null>) => resolve(data));
      worker.addEventListener("error", () => resolve(null));
      signal?.addEventListener("abort", () => resolve(null), { once: true });
      worker.postMessage(file);
    });
  } finally {
    worker.terminate();
  }
}
