import { Note } from "@/shared/ui/states";
import { Refusal } from "../refusal";
import { isGivenUp } from "./webauthn";
import { useWhy } from "./text";

/** Why something did not happen. Whoever closed the question, of ours or of the browser, knows it. */
export function WhyNot({ error, className }: { error: unknown; className?: string }) {
  const why = useWhy();
  if (!error || isGivenUp(error)) return null;
  const known = why(error);
  return known ? <div role="alert" className={className}><Note tone="bad">{known}</Note></div> : <Refusal error={error} {...(className ? { className } : {})} />;
}
