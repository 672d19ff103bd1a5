import { create } from "zustand";
import { isApiError } from "@/shared/api/error";

interface Question {
  answered: Promise<boolean>;
  answer: (proved: boolean) => void;
}

/** Whether the person is being asked to confirm that it is them; the dialog shows while it is so. */
export const useProofQuestion = create<{ question: Question | null }>()(() => ({ question: null }));

/**
 * Does something dangerous. Where the server first wants to know that it is still the person, they are asked, and it is done then. When
 * they close the question, the server's refusal (`accounts.proof_needed`) is what is thrown.
 */
export async function withProof<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isApiError(error, "accounts.proof_needed") || !(await ask())) throw error;
    return act();
  }
}

export const proofGiven = (): void => end(true);
export const dismissProof = (): void => end(false);

/** Two acts at once share one question. */
function ask(): Promise<boolean> {
  const asked = useProofQuestion.getState().question;
  if (asked) return asked.answered;
  let answer: Question["answer"] = () => undefined;
  const answered = new Promise<boolean>((resolve) => { answer = resolve; });
  useProofQuestion.setState({ question: { answered, answer } });
  return answered;
}

function end(proved: boolean): void {
  const { question } = useProofQuestion.getState();
  useProofQuestion.setState({ question: null });
  question?.answer(proved);
}
