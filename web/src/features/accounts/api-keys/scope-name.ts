import type { useT } from "./text";

const known = ["account.read", "account.write", "chat.read", "chat.write", "agents.read", "agents.write", "voice.use", "gateway.read"] as const;
type Known = (typeof known)[number];

/** What a scope opens, in the person's language; a scope that this client does not know yet keeps its name. */
export const scopeName = (t: ReturnType<typeof useT>, scope: string): string => ((known as readonly string[]).includes(scope) ? t(`scope.${scope as Known}`) : scope);
