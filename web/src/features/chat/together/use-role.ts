import { useQuery } from "@tanstack/react-query";
import type { ConversationRole } from "@/shared/api/types";
import { conversationQuery } from "../queries";

const off = "";

/** Whether others are in the conversation. */
export const useTogether = (conversationId: string | null): boolean =>
  useQuery({ ...conversationQuery(conversationId ?? off), enabled: conversationId !== null, select: ({ people }) => people > 1 }).data ?? false;

/** What the person is in the conversation; its owner until the server says otherwise. */
export const useRole = (conversationId: string | null): ConversationRole =>
  useQuery({ ...conversationQuery(conversationId ?? off), enabled: conversationId !== null, select: ({ role }) => role }).data ?? "owner";
