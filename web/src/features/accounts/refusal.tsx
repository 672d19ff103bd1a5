import { isApiError } from "@/shared/api/error";
import { ErrorNote } from "@/shared/ui/states";

/** Whoever closed the question for a proof knows why nothing happened: nothing is shown. */
export const errorToTell = (error: unknown): unknown => (isApiError(error, "accounts.proof_needed") ? null : error);

/** Why something that asks for a proof did not happen. */
export function Refusal({ error, className }: { error: unknown; className?: string }) {
  const told = errorToTell(error);
  return told ? <ErrorNote error={told} {...(className ? { className } : {})} /> : null;
}
