// What a trace of Chromium says about the frames between two marks.
export const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "disabled-by-default-devtools.timeline.frame", "blink.user_timing"];

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export function framesOf(trace) {
  const { traceEvents: events } = JSON.parse(trace);
  const mark = (name) => events.find((e) => e.cat.includes("blink.user_timing") && e.name === name);
  const from = mark("scrolling"), to = mark("scrolled");
  if (!from || !to) throw new Error("The trace has no marks of the scrolling.");
  const within = events.filter((e) => e.pid === from.pid && e.ts >= from.ts && e.ts <= to.ts);
  const drawn = within.filter((e) => e.name === "DrawFrame").map((e) => e.ts).sort((a, b) => a - b);
  // Of a partial one the scrolled picture was drawn in time, and what the page itself changed came with the next.
  const missed = within.filter((e) => e.name === "DroppedFrame");
  const late = missed.filter((e) => e.args?.hasPartialUpdate).length, dropped = missed.length - late;
  const times = drawn.slice(1).map((ts, i) => (ts - drawn[i]) / 1_000).sort((a, b) => a - b);
  const tasks = within.filter((e) => e.name === "RunTask" && e.tid === from.tid && e.dur).map((e) => e.dur / 1_000).sort((a, b) => a - b);
  const round = (n) => Math.round(n * 10) / 10;
  return {
    frames: drawn.length, p50Ms: round(quantile(times, 0.5)), p95Ms: round(quantile(times, 0.95)), longestMs: round(times.at(-1) ?? 0),
    droppedShare: Math.round((dropped / Math.max(1, dropped + drawn.length)) * 1_000) / 1_000, lateShare: Math.round((late / Math.max(1, drawn.length)) * 1_000) / 1_000,
    longestTaskMs: round(tasks.at(-1) ?? 0), tasksOver50Ms: tasks.filter((ms) => ms > 50).length,
    mainThreadBusyShare: Math.round((tasks.reduce((sum, ms) => sum + ms, 0) * 1_000 / (to.ts - from.ts)) * 100) / 100,
  };
}

/** Only what the figures come from, so that it can be kept. */
export function shortened(trace) {
  const { traceEvents: events } = JSON.parse(trace);
  const wanted = /^(?:DrawFrame|DroppedFrame|BeginFrame|RunTask|FunctionCall|UpdateLayoutTree|Layout|Paint|PrePaint|Commit|Layerize|MajorGC|MinorGC|thread_name|process_name|TracingStartedInBrowser)$/;
  const kept = events.filter((e) => e.cat.includes("blink.user_timing") || (wanted.test(e.name) && !(e.dur < 1_000 && e.ph === "X")));
  for (const e of kept) if (e.ph === "X") delete e.args;
  return JSON.stringify({ traceEvents: kept });
}
