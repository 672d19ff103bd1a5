import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { Attachment, Transcript, WholeTranscript } from "@/shared/api/types";
import { chatKeys } from "../queries";

/** The server says when it is there; this is for when that gets lost. */
const askAgainMs = 2_000;

export const transcriptQuery = (id: string) =>
  queryOptions({
    queryKey: [...chatKeys.all, "transcript", id] as const,
    queryFn: ({ signal }) => api.get<WholeTranscript>(`/api/chat/attachments/${id}/transcript`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? askAgainMs : false),
    staleTime: Infinity,
  });

export const writeDown = (id: string) => api.post<Transcript>(`/api/chat/attachments/${id}/transcript`, undefined);

export interface Said {
  state: Transcript["state"];
  code: string | null;
  /** As much of it as is here. */
  text: string;
  /** There is more of it. */
  cut: boolean;
}

/** What is said in a recording: from its message, and from the server where that came before the words or holds only their beginning. */
export function useSaid({ id, transcript }: Attachment, whole: boolean): Said | null {
  const known = useQuery({ ...transcriptQuery(id), enabled: ({ state }) => (transcript?.state === "pending" || whole || state.data?.state === "pending") }).data;
  if (!transcript) return null;
  if (known) return { state: known.state, code: known.code, text: known.text ?? "", cut: false };
  const text = transcript.text ?? "";
  return { state: transcript.state, code: transcript.code, text, cut: transcript.length > text.length };
}
