import type { ChatHistoryItem, ChatModelFunctionCall, ChatModelResponse } from "node-llama-cpp";
import { CallFailure } from "../../shared/dist/calls.js";

interface Message {
  role?: string;
  content?: unknown;
  reasoning_content?: unknown;
  tool_calls?: { id?: string; function?: { name?: string; arguments?: string } }[];
  tool_call_id?: string;
}

/** OpenAI's messages as the engine wants them: what the assistant said between two messages of the person is one item, results of tools inside it. */
export function readHistory(messages: unknown): ChatHistoryItem[] {
  if (!Array.isArray(messages) || messages.length === 0) throw new CallFailure("request_invalid", "There are no messages.");
  const history: ChatHistoryItem[] = [];
  const open = new Map<string, ChatModelFunctionCall>();
  for (const message of messages as Message[]) {
    switch (message.role) {
      case "system":
      case "developer":
        history.push({ type: "system", text: textOf(message.content) });
        break;
      case "user":
        history.push({ type: "user", text: textOf(message.content) });
        break;
      case "assistant":
        takeAnswer(modelItem(history), message, open);
        break;
      case "tool": {
        const call = open.get(message.tool_call_id ?? "");
        if (!call) throw new CallFailure("request_invalid", "A result belongs to no tool call before it.");
        call.result = textOf(message.content);
        break;
      }
      default:
        throw new CallFailure("request_invalid", `There is no role ${String(message.role)}.`);
    }
  }
  return history;
}

function modelItem(history: ChatHistoryItem[]): ChatModelResponse {
  const last = history.at(-1);
  if (last?.type === "model") return last;
  const item: ChatModelResponse = { type: "model", response: [] };
  history.push(item);
  return item;
}

function takeAnswer(item: ChatModelResponse, message: Message, open: Map<string, ChatModelFunctionCall>): void {
  if (typeof message.reasoning_content === "string" && message.reasoning_content.length > 0)
    item.response.push({ type: "segment", segmentType: "thought", text: message.reasoning_content, ended: true });
  const text = textOf(message.content);
  if (text.length > 0) item.response.push(text);
  let first = true;
  for (const called of message.tool_calls ?? []) {
    const call: ChatModelFunctionCall = {
      type: "functionCall",
      name: called.function?.name ?? "",
      params: parseArguments(called.function?.arguments),
      result: "",
      startsNewChunk: first,
    };
    first = false;
    item.response.push(call);
    if (called.id) open.set(called.id, call);
  }
}

function parseArguments(text: string | undefined): unknown {
  try {
    return JSON.parse(text || "{}");
  } catch {
    return text;
  }
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (content === null || content === undefined) return "";
  if (!Array.isArray(content)) throw new CallFailure("request_invalid", "The content of a message is neither text nor parts.");
  return (content as { type?: string; text?: string }[])
    .map((part) => {
      if (part.type === "text" || part.type === "input_text") return part.text ?? "";
      throw new CallFailure("not_supported", "This model reads text only.");
    })
    .join("\n");
}
