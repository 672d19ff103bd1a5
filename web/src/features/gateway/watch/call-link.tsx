import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** The trace of a call lies over the page one is on, and has an address there. */
const withCall = (call: string | undefined) => ((search: Record<string, unknown>) => ({ ...search, call })) as never;

export function CallLink({ id, className, children }: { id: string; className?: string; children: ReactNode }) {
  return <Link to="." search={withCall(id)} resetScroll={false} className={className ?? ""}>{children}</Link>;
}

export function useCloseCall(): () => void {
  const navigate = useNavigate();
  return () => void navigate({ to: ".", search: withCall(undefined), resetScroll: false });
}
