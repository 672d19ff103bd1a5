/** Our sign: a trail that turns, and a face-like dot where it is joined. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" fill="none">
      <path d="M20 4.5v14.4a7.6 7.6 0 0 1-15.2 0" stroke="var(--accent)" strokeWidth="4.4" strokeLinecap="round" />
      <circle cx="25.6" cy="25" r="4.4" fill="var(--jean)" />
    </svg>
  );
}
