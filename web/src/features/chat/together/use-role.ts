import { useQuery } from "@tanstack/react-query";
import { conversationQuery } from "../queries";

const off = "";

/** Whether others are in the conversation. */
export const useTogether = (conversationId: string | null): boolean =>
  useQuery({ ...conversationQuery(conversationId ?? off), enabled: conversationId !== null, select: ({ people }) => people > 1 }).data ?? false;

/** Whether the person may say and change something; so it is until the server says otherwise. */
export const useMayEdit = (conversationId: string | null): boolean =>
  useQuery({ ...conversationQuery(conversationId ?? off), enabled: conversationId !== null, select: ({ role }) => role !== "view" }).data ?? true;
