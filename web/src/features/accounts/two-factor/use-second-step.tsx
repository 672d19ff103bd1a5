import { lazy, Suspense, useState, type ReactNode } from "react";
import type { SecondFactorNeeded, Session } from "@/shared/api/types";
import { beginSession } from "@/shared/session/session";
import { text } from "./text";

const SecondStep = lazy(() => import("./second-step"));
const load = () => Promise.all([import("./second-step"), text.load()]);

/** After any first factor: `enter` begins the session, or has `step` ask for the second factor in the place of what was shown. */
export function useSecondStep({ onDone, onAgain }: { onDone: () => void; onAgain: () => void }): { enter: (answer: Session | SecondFactorNeeded) => Promise<void>; step: ReactNode } {
  const [needed, setNeeded] = useState<SecondFactorNeeded | null>(null);
  const enter = async (answer: Session | SecondFactorNeeded): Promise<void> => {
    if (!("ticket" in answer)) {
      await beginSession(answer);
      onDone();
      return;
    }
    await load();
    setNeeded(answer);
  };
  const again = (): void => { setNeeded(null); onAgain(); };
  return { enter, step: needed && <Suspense fallback={null}><SecondStep needed={needed} onDone={onDone} onAgain={again} /></Suspense> };
}
