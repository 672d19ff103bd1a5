import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { MessagePart } from "@/shared/api/types";
import { Spinner } from "@/shared/ui/button";
import { useT } from "./text";
import { transcriptQuery } from "./transcript";

/** Says that what was spoken is still being written down; then, or without any of it, what stands in it. */
export default function HearingNote({ parts, children }: { parts: readonly MessagePart[]; children: ReactNode }) {
  const t = useT();
  const waiting = parts.flatMap(({ attachment }) => (attachment?.transcript?.state === "pending" ? [attachment.id] : []));
  const known = useQueries({ queries: waiting.map((id) => transcriptQuery(id)) });
  if (!known.some(({ data }) => !data || data.state === "pending")) return children;
  return <p role="status" className="flex min-h-7 items-center gap-2 text-jean-ink"><Spinner />{t("said.waiting")}</p>;
}
