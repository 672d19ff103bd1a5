import { ApiError, isApiError, isPassing } from "@/shared/api/error";
import { queryClient } from "@/shared/api/query-client";
import { MicrophoneError } from "@/shared/jean/hearing";
import type { MakeWakeListener } from "@/shared/jean/wake";
import { localSpeechQuery } from "../settings/queries";
import { chime } from "./chime";
import { Gate } from "./gate";
import { leaveOn, OpenMicrophone } from "./microphone";
import { Recent } from "./recent";
import { heardRate, Resampler, toPcm } from "./samples";

type Told = { type: "listening" } | { type: "called"; endMs: number } | { type: "done" } | { type: "failed"; code: string; status: number; detail: string };

/** After a line that broke, in milliseconds: so long, and twice as long after each that broke again. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** After a call, in milliseconds, should nothing have begun that needs the microphone. */
const calledPauseMs = 3_000;

/** In silence a piece of it is sent so often, which says that somebody is still there. */
const aliveMs = 8_000;

/** What waits to be sent is not worth more than this: who was called a while ago is not called any more. */
const mostWaitingBytes = 64_000;

/** Listens for Jean's name with a model of the server, for as long as it is wanted. What is refused ends it; what breaks is tried again. */
export const makeWakeListener: MakeWakeListener = (tell) => {
  let wanted = false;
  let stop: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = firstPauseMs;

  const ended = (error: unknown): void => {
    stop = null;
    if (!wanted) return;
    if (error instanceof MicrophoneError || (isApiError(error) && !isPassing(error))) return tell.state("failed", error);
    tell.state("opening");
    timer = setTimeout(begin, error === null ? 0 : pause);
    if (error !== null) pause = Math.min(pause * 2, longestPauseMs);
  };
  const begin = (): void => {
    tell.state("opening");
    stop = open({
      listening: () => {
        pause = firstPauseMs;
        tell.state("listening");
      },
      called: () => {
        stop = null;
        timer = setTimeout(begin, calledPauseMs);
        chime();
        tell.called();
      },
      ended,
    });
  };
  return {
    listen: (now) => {
      if (now === wanted) return;
      wanted = now;
      if (now) return begin();
      clearTimeout(timer);
      stop?.();
      stop = null;
      tell.state("off");
    },
  };
};

/** One line from the microphone to the server; `called` or `ended` comes once, unless it was stopped from here. A call leaves the microphone on, with what was said since. */
function open(on: { listening: () => void; called: () => void; ended: (error: unknown) => void }): () => void {
  let over = false;
  let microphone: OpenMicrophone | null = null;
  let socket: WebSocket | null = null;
  const close = (): void => {
    over = true;
    void microphone?.off();
    socket?.close();
  };
  const end = (error: unknown): void => {
    if (over) return;
    close();
    on.ended(error);
  };
  const isOver = (): boolean => over;
  const connect = async (): Promise<void> => {
    const [spotter] = (await queryClient.query({ ...localSpeechQuery, staleTime: "static" })).spotters;
    if (isOver()) return;
    if (spotter === undefined) throw new ApiError({ status: 404, code: "models.unknown", title: "", detail: "" });
    const made = await OpenMicrophone.open();
    if (isOver()) return void made.off();
    microphone = made;
    const gate = new Gate();
    const resampler = new Resampler(made.rate);
    const recent = new Recent(made.rate);
    let sentAt = Date.now();
    made.hear((piece) => {
      recent.add(piece);
      if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > mostWaitingBytes) return;
      let pieces = gate.take(piece);
      if (pieces.length === 0 && Date.now() - sentAt >= aliveMs) pieces = [{ samples: new Float32Array(piece.samples.length), sound: false }];
      for (const one of pieces) {
        const samples = resampler.push(one.samples);
        recent.sent(one, samples.length / heardRate);
        sentAt = Date.now();
        if (samples.length > 0) socket.send(toPcm(samples));
      }
    });
    socket = new WebSocket(`/api/voice/wake?spotter=${encodeURIComponent(spotter.name)}`);
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (over) return;
      const told = JSON.parse(data) as Told;
      if (told.type === "listening") on.listening();
      else if (told.type === "called") {
        over = true;
        socket?.close();
        made.release(recent.since(told.endMs / 1_000));
        leaveOn(made);
        on.called();
      }
      else if (told.type === "done") end(null);
      else end(new ApiError({ status: told.status, code: told.code, title: told.detail, detail: told.detail }));
    };
    socket.onclose = () => end(ApiError.offline());
  };
  connect().catch(end);
  return close;
}
