/** Our sign: a trail that turns and joins, with a face-like dot where it ends. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" fill="none">
      <path d="M20.5 6.5v12.2a6.6 6.6 0 0 1-13.2 0" stroke="var(--accent)" strokeWidth="3.4" strokeLinecap="round" />
      <path d="M7.3 13.4h6.2" stroke="var(--accent)" strokeWidth="3.4" strokeLinecap="round" opacity="0" />
      <circle cx="25" cy="24.4" r="3.6" fill="var(--jean)" />
    </svg>
  );
}
