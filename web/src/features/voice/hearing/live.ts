import { ApiError } from "@/shared/api/error";
import type { Listener, Listening } from "@/shared/jean/hearing";
import { record } from "./microphone";
import { Resampler, toPcm } from "./samples";
import { untilQuiet } from "./until-quiet";

/** What the server says while one speaks. */
type Told =
  | { type: "heard"; text: string; final: boolean }
  | { type: "done" }
  | { type: "failed"; code: string; status: number; detail: string };

/** Sends what the microphone gives as it comes, to a recogniser of the server that writes while one speaks. */
export async function listenLive(recogniser: string, denoise: boolean, longestSeconds: number, listener: Listener): Promise<Listening> {
  let over = false;
  let ended = false;
  /** Not final yet: kept, should the line break. */
  let saying = "";
  const waiting: (ArrayBuffer | "end")[] = [];
  const samples: { resampler: Resampler | null } = { resampler: null };
  const send = (message: ArrayBuffer | "end"): void => {
    if (message !== "end" && message.byteLength === 0) return;
    if (socket?.readyState === WebSocket.OPEN) socket.send(message);
    else if (!ended) waiting.push(message);
  };
  let socket: WebSocket | null = null;
  const quiet = untilQuiet(listener, true, () => stop());
  const microphone = await record(longestSeconds, () => stop(), (piece, rate) => {
    send(toPcm((samples.resampler ??= new Resampler(rate)).push(piece.samples)));
    quiet.audio(piece, rate);
  });

  const end = (error: unknown): void => {
    if (ended) return;
    ended = true;
    over = true;
    void microphone.finish();
    socket?.close();
    if (saying !== "") listener.heard(saying);
    listener.ended(error);
  };
  socket = new WebSocket(`/api/voice/dictations?recogniser=${encodeURIComponent(recogniser)}&denoise=${denoise}`);
  socket.onopen = () => { for (const message of waiting.splice(0)) send(message); };
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    if (ended) return;
    const told = JSON.parse(data) as Told;
    if (told.type === "done") return end(null);
    if (told.type === "failed") return end(new ApiError({ status: told.status, code: told.code, title: told.detail, detail: told.detail }));
    quiet.words(told.final);
    saying = told.final ? "" : told.text;
    if (told.final) listener.heard(told.text);
    listener.saying(saying);
  };
  socket.onclose = () => end(ApiError.offline());

  const stop = (): void => {
    if (over) return;
    over = true;
    listener.writing();
    void microphone.finish().then(() => {
      if (samples.resampler) send(toPcm(samples.resampler.push(new Float32Array(), true)));
      send("end");
    });
  };
  const cancel = (): void => {
    saying = "";
    end(null);
  };
  return { stop, cancel };
}
