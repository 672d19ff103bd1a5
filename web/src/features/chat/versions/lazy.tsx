import { Suspense } from "react";
import type { Message } from "@/shared/api/types";
import { lazyPart } from "@/shared/ui/lazy-part";
import { text } from "./text";

// Most messages are read and left as they are: what makes other versions of them comes when it is wanted.
const Buttons = lazyPart(() => import("./version-buttons"));
const Editor = lazyPart(() => Promise.all([import("./edit-question"), text.load()]).then(([editor]) => editor));

interface Props {
  message: Message;
  conversationId: string;
}

/** Other words for a question, other models for an answer. */
export const VersionButtons = (props: Props & { onEdit?: () => void }) => <Suspense fallback={null}><Buttons {...props} /></Suspense>;

/** The question in a box, to say it in other words. */
export const QuestionEditor = (props: Props & { onClose: () => void }) => <Suspense fallback={null}><Editor {...props} /></Suspense>;
