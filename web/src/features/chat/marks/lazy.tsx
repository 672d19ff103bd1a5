import { Suspense } from "react";
import type { Message } from "@/shared/api/types";
import { lazyPart } from "@/shared/ui/lazy-part";

// A conversation is read before anything in it is marked: all of this comes after the page.
const Buttons = lazyPart(() => import("./mark-buttons").then((m) => ({ default: m.MarkButtons })));
const Strip = lazyPart(() => import("./mark-strip").then((m) => ({ default: m.MarkStrip })));

interface Props {
  message: Message;
  conversationId: string;
}

/** What one can leave on a message. */
export const MarkButtons = (props: Props) => <Suspense fallback={null}><Buttons {...props} /></Suspense>;

/** What was left on it. */
export const MarkStrip = (props: Props) => (props.message.marks.length > 0 ? <Suspense fallback={null}><Strip {...props} /></Suspense> : null);
