import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import type { ConversationSummary, Message } from "@/shared/api/types";
import { entriesOf } from "./branch";
import { patchConversation, raiseConversation, removeConversation, withMessages } from "./cache";
import type { LiveState } from "./live-turn";
import { chatKeys } from "./queries";
import { emptyMessage } from "./turn-begin";

const message = (id: string, parentId: string | null, role: Message["role"] = "user"): Message => ({ ...emptyMessage(role, id, parentId, id), status: "complete" });
const branch = [message("a2", "q2", "assistant"), message("q2", "a1"), message("a1", "q1", "assistant"), message("q1", null)];
const pagesOf = (...pages: Message[][]) => ({ pages: pages.map((items, i) => ({ items, nextCursor: i === pages.length - 1 ? null : `c${i}` })), pageParams: pages.map((_, i) => (i === 0 ? null : `c${i - 1}`)) });
const ids = (data: { pages: { items: { id: string }[] }[] }) => data.pages.map((page) => page.items.map((m) => m.id).join(" "));

describe("withMessages", () => {
  it("adds a question and its answer at the newest end, keeping the pages", () => {
    const next = withMessages(pagesOf(branch.slice(0, 2), branch.slice(2)), "a2", [message("q3", "a2"), message("a3", "q3", "assistant")]);
    expect(ids(next)).toEqual(["a3 q3 a2 q2", "a1 q1"]);
    expect(next.pages[0]!.nextCursor).toBe("c0");
  });

  it("replaces what is known without adding it again", () => {
    const grown = { ...branch[0]!, text: "longer" };
    const next = withMessages(pagesOf(branch), "q2", [grown]);
    expect(ids(next)).toEqual(["a2 q2 a1 q1"]);
    expect(next.pages[0]!.items[0]!.text).toBe("longer");
  });

  it("shows only the new branch after an answer was given again", () => {
    expect(ids(withMessages(pagesOf(branch), "q1", [message("a1b", "q1", "assistant")]))).toEqual(["a1b q1"]);
  });
});

describe("entriesOf", () => {
  const live = (change: Partial<LiveState>): LiveState => ({ conversationId: "c", turnId: null, parentId: "a2", question: message("q3", "a2"), answer: message("a3", "q3", "assistant"), phase: "sending", connection: "live", problem: null, ...change });
  const shown = (entries: ReturnType<typeof entriesOf>) => entries.map((e) => e.message.id).join(" ");

  it("shows a question and the coming answer before the server has them", () => {
    expect(shown(entriesOf(branch, live({}), []))).toBe("q1 a1 q2 a2 q3 a3");
  });

  it("shows nothing twice when the server's list arrives in the middle of the answer", () => {
    const stored = [message("a3", "q3", "assistant"), message("q3", "a2"), ...branch];
    expect(shown(entriesOf(stored, live({}), []))).toBe("q1 a1 q2 a2 q3 a3");
    expect(shown(entriesOf(stored.slice(1), live({}), []))).toBe("q1 a1 q2 a2 q3 a3");
  });

  it("hides the old branch while an answer is given again", () => {
    expect(shown(entriesOf(branch, live({ parentId: "q1", question: null, answer: message("a1b", "q1", "assistant") }), []))).toBe("q1 a1b");
  });

  it("lets what waits to be sent stand at the end, once", () => {
    const waiting = (clientId: string) => ({ clientId, userId: "u", conversationId: "c", text: clientId, parentId: null, modelId: null, createdAt: "", state: "waiting" as const, problem: null });
    expect(shown(entriesOf(branch, live({}), [waiting("q3"), waiting("q4")]))).toBe("q1 a1 q2 a2 q3 a3 q4");
  });

  it("puts a question in other words in the place of the first wording, with nothing below it", () => {
    const inOtherWords = (parentId: string | null) => ({ clientId: "q2b", userId: "u", conversationId: "c", text: "q2b", parentId, besideId: "q2", modelId: null, createdAt: "", state: "waiting" as const, problem: null });
    expect(shown(entriesOf(branch, undefined, [inOtherWords("a1")]))).toBe("q1 a1 q2b");
    expect(shown(entriesOf(branch, undefined, [inOtherWords(null)]))).toBe("q2b");
    expect(shown(entriesOf(branch, live({}), [inOtherWords("a1")])), "while another answer grows it waits below").toBe("q1 a1 q2 a2 q3 a3 q2b");
  });
});

describe("conversation lists", () => {
  const conversation = (id: string, title = id) => ({ id, title, updatedAt: "2026-01-01T00:00:00Z" }) as ConversationSummary;
  const client = () => {
    const made = new QueryClient();
    made.setQueryData([...chatKeys.conversations("active"), "pages"], { pages: [{ items: [conversation("1"), conversation("2")], nextCursor: "x" }, { items: [conversation("3")], nextCursor: null }], pageParams: [null, "x"] });
    made.setQueryData(chatKeys.recent(6), { items: [conversation("1"), conversation("2")], nextCursor: null });
    return made;
  };
  const titles = (made: QueryClient) => ids(made.getQueryData<{ pages: { items: ConversationSummary[] }[] }>([...chatKeys.conversations("active"), "pages"])!);
  const recent = (made: QueryClient) => made.getQueryData<{ items: ConversationSummary[] }>(chatKeys.recent(6))!.items.map((c) => c.id).join(" ");

  it("change a title everywhere", () => {
    const made = client();
    patchConversation(made, "2", { title: "New" });
    expect(made.getQueryData<{ items: ConversationSummary[] }>(chatKeys.recent(6))!.items[1]!.title).toBe("New");
  });

  it("begin with the conversation used last", () => {
    const made = client();
    raiseConversation(made, conversation("3"));
    expect(titles(made)).toEqual(["3 1", "2"]);
    expect(recent(made)).toBe("3 1 2");
  });

  it("give back what was taken out when the server refuses", () => {
    const made = client();
    const undo = removeConversation(made, "1");
    expect(titles(made).join(" ")).not.toContain("1");
    expect(recent(made)).toBe("2");
    undo();
    expect(titles(made)).toEqual(["1 2", "3"]);
    expect(recent(made)).toBe("1 2");
  });
});
