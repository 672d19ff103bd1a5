import { keyCaps, type Keys } from "@/shared/actions/keys";

/** The keys of an action. Always left to right: "⌘K" must not turn round in Arabic. */
export function Kbd({ keys }: { keys: Keys }) {
  return (
    <span dir="ltr" className="inline-flex items-center gap-1.5 text-xs text-ink-2">
      {keyCaps(keys).map((caps, i) => (
        <span key={i} className="inline-flex gap-0.5">
          {caps.map((cap) => <kbd key={cap} className="min-w-5 rounded-sm border border-line bg-surface-2 px-1.5 py-0.5 text-center font-sans leading-4">{cap}</kbd>)}
        </span>
      ))}
    </span>
  );
}
