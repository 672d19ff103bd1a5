import { useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";
import type { Performance } from "./performance";
import type { AvatarStage as Stage } from "./stage";

export interface AvatarHandle {
  setPerformance: (performance: Performance, clock: () => number) => void;
  clearPerformance: () => void;
  setEmotion: (name: string, weight: number) => void;
  lookAt: (x: number, y: number) => void;
}

export interface AvatarStageProps {
  /** Accessible name, already translated. */
  label: string;
  src?: string;
  poster?: string;
  reducedMotion?: boolean;
  paused?: boolean;
  className?: string;
  onReady?: () => void;
  onError?: (error: unknown) => void;
  ref?: Ref<AvatarHandle>;
}

type State = "loading" | "ready" | "lost" | "failed";

/** Owns the lifetime of the stage; everything that moves is in plain classes that load after this component. */
export default function AvatarStage({ label, src = "/avatar/jean.vrm", poster = "/avatar/poster.webp", reducedMotion = false, paused = false, className, onReady, onError, ref }: AvatarStageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage>(null);
  const told = useRef({ onReady, onError, reducedMotion, paused });
  const [state, setState] = useState<State>("loading");

  useEffect(() => {
    told.current = { onReady, onError, reducedMotion, paused };
    stage.current?.setReducedMotion(reducedMotion);
    stage.current?.setPaused(paused);
  });

  useImperativeHandle(ref, () => ({
    setPerformance: (performance, clock) => stage.current?.setPerformance(performance, clock),
    clearPerformance: () => stage.current?.clearPerformance(),
    setEmotion: (name, weight) => stage.current?.setEmotion(name, weight),
    lookAt: (x, y) => stage.current?.lookAt(x, y),
  }), []);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const stop = new AbortController();
    const stopped = (): boolean => stop.signal.aborted;
    const run = async (): Promise<void> => {
      const { AvatarStage: Loaded } = await import("./stage");
      if (stopped()) return;
      const made = new Loaded(element, { onContext: (available) => setState(available ? "ready" : "lost") });
      stage.current = made;
      stop.signal.addEventListener("abort", () => {
        made.dispose();
        stage.current = null;
      });
      made.setReducedMotion(told.current.reducedMotion);
      made.setPaused(told.current.paused);
      followPointer(element, made, stop.signal);
      await made.load(src);
      if (stopped()) return;
      made.start();
      setState("ready");
      told.current.onReady?.();
    };
    run().catch((error: unknown) => {
      if (stopped()) return;
      setState("failed");
      told.current.onError?.(error);
    });
    return () => {
      stop.abort();
      setState("loading");
    };
  }, [src]);

  return (
    <div className={className} style={{ position: "relative", overflow: "hidden" }}>
      {state !== "ready" && <img src={poster} alt="" style={{ position: "absolute", inset: 0, width: "100%", height: "100%", objectFit: "contain" }} />}
      <canvas ref={canvas} role="img" aria-label={label} data-avatar={state} style={{ display: "block", width: "100%", height: "100%", opacity: state === "ready" ? 1 : 0 }} />
    </div>
  );
}

/** The face looks where the pointer is on the page; when it leaves the window she looks ahead again. */
function followPointer(element: HTMLElement, stage: Stage, signal: AbortSignal): void {
  window.addEventListener("pointermove", (event) => {
    const box = element.getBoundingClientRect();
    const reach = Math.max(window.innerWidth, window.innerHeight) / 2;
    stage.lookAt((event.clientX - (box.left + box.width / 2)) / reach, (box.top + box.height * 0.45 - event.clientY) / reach);
  }, { signal, passive: true });
  document.documentElement.addEventListener("pointerleave", () => stage.lookAt(0, 0), { signal });
}
