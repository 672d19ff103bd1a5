import type { ClientAction, Preferences } from "@/shared/api/types";
import { isLocale } from "@/shared/i18n/locale";
import { interruptSpeech } from "@/shared/jean/speech";
import { usePreferences } from "@/shared/theme/store";
import { setPreferences } from "@/shared/theme/sync";

let navigate: ((to: string) => void) | null = null;
/** The page that can go somewhere; none when the person has left the chat. */
export function setNavigator(go: ((to: string) => void) | null): void {
  navigate = go;
}

const settings: Record<string, string> = { models: "/settings/models", voice: "/settings/voice", appearance: "/settings/appearance", general: "/settings/appearance", account: "/settings/account", about: "/settings/about" };
const themes: readonly string[] = ["system", "light", "dark"] satisfies Preferences["theme"][];
const paces: Record<string, (rate: number) => number> = { faster: (r) => Math.min(2, r + 0.2), slower: (r) => Math.max(0.5, r - 0.2), normal: () => 1 };

/** Where an action leads, for those that are shown as a button. */
export function targetOf({ kind, value }: ClientAction): string | null {
  if (kind === "connect-model") return "/settings/models";
  if (kind === "open-settings") return settings[value ?? ""] ?? "/settings";
  // Only our own pages: "//host" would leave the house.
  if (kind === "navigate" && value && /^\/(?![/\\])/.test(value)) return value;
  return null;
}

/**
 * Does what an answer asked the screen to do. Settings and pages change by themselves when the answer is new; connecting a model waits
 * for the person to press the button.
 */
export function runClientAction(action: ClientAction, pressed: boolean): void {
  const { kind, value } = action;
  const target = targetOf(action);
  if (target !== null) {
    if (pressed || kind !== "connect-model") navigate?.(target);
  } else if (kind === "set-theme" && value && themes.includes(value)) void setPreferences({ theme: value as Preferences["theme"] });
  else if (kind === "set-language" && isLocale(value)) void setPreferences({ locale: value });
  else if (kind === "set-voice" && value) void setPreferences({ voiceId: value });
  else if (kind === "set-speech" && value) setSpeech(value);
}

function setSpeech(value: string): void {
  const pace = paces[value];
  if (pace) void setPreferences({ speechRate: Math.round(pace(usePreferences.getState().speechRate) * 10) / 10 });
  else if (value === "on" || value === "off") void setPreferences({ speakReplies: value === "on" });
  if (value === "off" || value === "stop") interruptSpeech();
}
