import { useJean, type JeanActivity } from "./store";

let work: JeanActivity = "idle";
let speaking = false;

// Speaking hides what goes on behind it; afterwards the rest is still true.
const publish = (): void => useJean.setState({ activity: speaking ? "speaking" : work });

/** What she does besides speaking. */
export function setWork(activity: Exclude<JeanActivity, "speaking">): void {
  work = activity;
  publish();
}

export function setSpeaking(now: boolean): void {
  speaking = now;
  publish();
}
