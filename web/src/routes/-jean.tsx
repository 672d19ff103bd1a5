import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { AvatarHandle } from "@/features/avatar/avatar-stage";
import { useT } from "@/features/workspace/text";
import { provideHearing } from "@/shared/jean/hearing";
import { provideSpeech } from "@/shared/jean/speech";
import { provideWake } from "@/shared/jean/wake";
import { useJean } from "@/shared/jean/store";

const AvatarStage = lazy(() => import("@/features/avatar/avatar-stage"));

provideHearing(async () => (await import("@/features/voice/hearing")).hear);
provideWake(async () => (await import("@/features/voice/hearing/wake")).makeWakeListener);
provideSpeech(async () => (await import("@/features/voice/speech")).createSpeech());

/** Her moving face in the dock: a picture until it can be seen and the person has done something, then the living body. */
export function Face() {
  const place = useRef<HTMLDivElement>(null);
  const started = useStart(place);
  return (
    <div ref={place} className="absolute inset-0">
      {started ? <Suspense fallback={<Poster />}><Stage /></Suspense> : <Poster />}
    </div>
  );
}

function Poster() {
  return <img src="/avatar/poster.webp" alt="" loading="lazy" className="absolute inset-0 size-full object-contain" />;
}

function Stage() {
  const t = useT();
  const stage = useRef<AvatarHandle>(null);
  const [ready, setReady] = useState(false);
  const playing = useJean((s) => s.playing);
  useEffect(() => {
    if (!ready) return;
    if (playing) stage.current?.setPerformance(playing.performance, playing.clock);
    else stage.current?.clearPerformance();
  }, [ready, playing]);
  return <AvatarStage ref={stage} label={t("dock.label")} reducedMotion={useReducedMotion()} onReady={() => setReady(true)} className="size-full" />;
}

/** Nothing heavy starts unasked: the place must be visible, and the person must have touched the page or Jean must be speaking. */
function useStart(place: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  const [acted, setActed] = useState(() => "userActivation" in navigator && navigator.userActivation.hasBeenActive);
  const speaking = useJean((s) => s.playing !== null);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry?.isIntersecting ?? false));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  useEffect(() => {
    const act = (): void => setActed(true);
    const options = { once: true, passive: true };
    for (const kind of ["pointerdown", "pointermove", "keydown"]) window.addEventListener(kind, act, options);
    return () => { for (const kind of ["pointerdown", "pointermove", "keydown"]) window.removeEventListener(kind, act); };
  }, []);
  return seen && (acted || speaking);
}

function useReducedMotion(): boolean {
  const [query] = useState(() => matchMedia("(prefers-reduced-motion: reduce)"));
  const [reduced, setReduced] = useState(query.matches);
  useEffect(() => {
    const change = (): void => setReduced(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, [query]);
  return reduced;
}
