import { create } from "zustand";
import { persist } from "zustand/middleware";

/** Whether noise is taken from what is dictated here: of this device alone, as it is its microphone and its room. */
export const useDenoise = create<{ on: boolean }>()(persist<{ on: boolean }>(() => ({ on: false }), { name: "jt:denoise", version: 1 }));
