import type { QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { text as letterText } from "@/features/accounts/by-letter/text";
import { Door } from "@/features/accounts/door";
import { text } from "@/features/accounts/text";
import { Mark } from "@/features/workspace/mark";
import { sessionQuery } from "@/shared/session/session";
import { DoorPortrait } from "./-portrait";

/** The pages that letters lead to, and those that ask for one. */
export function LetterDoor({ title, text: intro, children }: { title: string; text: string; children: ReactNode }) {
  return <Door title={title} text={intro} mark={<Mark className="size-8" />} portrait={<DoorPortrait />}>{children}</Door>;
}

/** The session brings the proof of origin, which a browser that is signed in must send from these pages too. */
export const loadLetterDoor = (queryClient: QueryClient): Promise<unknown> =>
  Promise.all([text.load(), letterText.load(), queryClient.query({ ...sessionQuery, staleTime: "static" })]);
