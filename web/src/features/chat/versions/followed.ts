import { useEffect, useState, useSyncExternalStore } from "react";
import type { ApiError } from "@/shared/api/error";
import type { MessageStatus, Problem } from "@/shared/api/types";
import { LiveText } from "../live-turn";
import { TurnStream, type TurnSource } from "../turn-stream";
import { statusOf } from "../turns";

export interface Followed {
  /** Null until the server has begun it. */
  messageId: string | null;
  turnId: string | null;
  modelId: string | null;
  status: MessageStatus;
  connection: "live" | "lost";
  problem: ApiError | Problem | null;
}

/** Reads one of several turns to its end, apart from the one that the conversation shows. What it reads goes on when nobody reads it. */
export function useFollowed(source: TurnSource, start: { text: string; messageId: string | null; turnId: string | null; modelId: string | null }, onEnd: () => void): Followed & { text: string } {
  const [text] = useState(() => new LiveText(start.text));
  const [state, setState] = useState<Followed>({ messageId: start.messageId, turnId: start.turnId, modelId: start.modelId, status: "streaming", connection: "live", problem: null });
  const words = useSyncExternalStore(text.subscribe, text.get);
  useEffect(() => {
    const change = (what: Partial<Followed>): void => setState((before) => ({ ...before, ...what }));
    const stream = new TurnStream(source, {
      turn: (turn, at) => {
        text.cut(at);
        change({ messageId: turn.assistantMessageId, turnId: turn.turnId, modelId: turn.modelId || null });
      },
      delta: (piece, end) => text.add(piece, end),
      connection: (connection) => change({ connection }),
      done: (done) => {
        change({ status: statusOf(done.status), problem: done.error ? { status: 0, ...done.error } : null, ...(done.modelId ? { modelId: done.modelId } : {}) });
        onEnd();
      },
      failed: (problem) => change({ status: "failed", problem }),
    });
    void stream.run();
    return () => stream.leave();
    // One stream for one column, from its beginning to its end.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source]);
  return { ...state, text: words };
}
