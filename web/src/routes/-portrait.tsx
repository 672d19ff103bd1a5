/** Jean's small portrait, for the folded dock and the bottom bar. */
export function Portrait() {
  return <img src="/avatar/portrait.webp" alt="" width={96} height={96} loading="lazy" className="size-full rounded-full bg-jean-soft object-cover" />;
}

/** Her picture beside the sign-in form. */
export function DoorPortrait() {
  return <img src="/avatar/poster.webp" alt="" loading="lazy" className="h-[94%] max-w-full object-contain" />;
}
