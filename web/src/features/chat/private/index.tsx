import { Suspense } from "react";
import { lazyPart } from "@/shared/ui/lazy-part";
import { text } from "./text";

const Rows = lazyPart(() => Promise.all([import("./rows"), text.load()]).then(([rows]) => rows));
const Begin = lazyPart(() => Promise.all([import("./begin"), text.load()]).then(([begin]) => begin));
const Page = lazyPart(() => Promise.all([import("./page"), text.load()]).then(([page]) => page));

interface PrivatePartProps {
  /** Where it stands: beside "new conversation", in the list, in the page's middle. */
  place: "begin" | "rows" | "page";
  id?: string | null;
  onPick?: () => void;
}

/** All of private conversations, behind one door: most people never fetch it. */
export default function PrivatePart({ place, id = null, onPick }: PrivatePartProps) {
  const pick = onPick ? { onPick } : {};
  return (
    <Suspense fallback={null}>
      {place === "begin" ? <Begin {...pick} /> : place === "rows" ? <Rows current={id} {...pick} /> : <Page key={id} routeId={id ?? newPrivate} openList={onPick ?? (() => undefined)} />}
    </Suspense>
  );
}

/** Stands in the address before the first word makes the conversation. */
export const newPrivate = "new";
