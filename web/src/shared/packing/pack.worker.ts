import { pack } from "./pack";

/** The answer to a file: it compressed, or null to send it as it is. */
addEventListener("message", ({ data }: MessageEvent<Blob>) => {
  pack(data).catch(() => null).then((packed) => postMessage(packed), () => undefined);
});
