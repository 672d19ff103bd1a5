import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Preferences } from "@/shared/api/types";

/** How this device shows things; the same on every device of the person once they are signed in. */
export const usePreferences = create<Preferences>()(
  persist<Preferences>(
    () => ({
      locale: null,
      theme: "system",
      density: "comfortable",
      speakReplies: false,
      voiceId: null,
      speechRate: 1,
      showAvatar: true,
      skillsFirst: true,
      timeZone: null,
      localVoice: null,
      hearing: null,
      recordingsModel: null,
    }),
    // The boot script in index.html reads this key before paint.
    { name: "jt:prefs", version: 1 },
  ),
);
