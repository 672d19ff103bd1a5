import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { CallServer } from "../../shared/dist/server.js";
import { readSettings } from "./settings.js";

const settings = readSettings(process.argv[2]);
const server = CallServer.open(settings.window);

type Running = Awaited<ReturnType<typeof import("./engine.js").Engine.start>>;

if (isInstalled()) {
  // The engine takes a second to come up; calls can come meanwhile and wait for it.
  const engine = import("./engine.js").then(({ Engine }) => Engine.start(settings));
  engine.catch(() => undefined);
  server.serve({ engine: "llama.cpp", pid: process.pid }, async (call) => handle(await started(engine), call));
} else {
  server.refuse("engine_missing", "The engine for local models is not installed. Run ./jean setup.");
}

function isInstalled(): boolean {
  try {
    return import.meta.resolve("node-llama-cpp").length > 0;
  } catch {
    return false;
  }
}

async function started(engine: Promise<Running>): Promise<Running> {
  try {
    return await engine;
  } catch (error) {
    throw new CallFailure("engine_missing", `llama.cpp cannot be used here: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function handle(engine: Running, call: Call): Promise<unknown> {
  const { op, body } = call.request as { op?: string; body?: Record<string, unknown> };
  switch (op) {
    case "load":
      return await engine.load(call);
    case "status":
      return engine.status(server.running - 1);
    case "chat":
      return await engine.chat(call, body ?? {});
    case "embeddings":
      return await engine.embed(call, body ?? {});
    case "rerank":
      return await engine.rerank(call, body ?? {});
    case "tokens":
      return await engine.tokens(body ?? {});
    default:
      throw new CallFailure("request_invalid", `There is no operation ${String(op)}.`);
  }
}
