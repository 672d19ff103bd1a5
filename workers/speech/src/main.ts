import { CallFailure, type Call } from "../../shared/dist/calls.js";
import { CallServer } from "../../shared/dist/server.js";
import { Engine } from "./engine.js";
import { readSettings } from "./settings.js";
import { packageFolder } from "./sherpa.js";

const settings = readSettings(process.argv[2]);
const server = CallServer.open(settings.window);

if (packageFolder("sherpa-onnx-node") !== null) {
  const engine = new Engine(settings);
  server.serve({ engine: "sherpa-onnx", pid: process.pid }, (call) => handle(engine, call));
} else {
  server.refuse("engine_missing", "The engine for local speech is not installed. Run ./jean setup.");
}

async function handle(engine: Engine, call: Call): Promise<unknown> {
  const { op, body } = call.request as { op?: string; body?: Record<string, unknown> };
  switch (op) {
    case "load":
      return await engine.load(call);
    case "segments":
      return await engine.segments(call, body ?? {});
    case "transcribe":
      return await engine.transcribe(call, body ?? {});
    case "listen":
      return await engine.listen(call);
    case "diarise":
      return await engine.diarise(call, body ?? {});
    case "voiceprint":
      return await engine.voiceprint(call);
    case "identify":
      return await engine.identify(call, body ?? {});
    case "language":
      return await engine.language(call);
    case "denoise":
      return await engine.denoise(call);
    case "spot":
      return await engine.spot(call);
    case "speak":
      return await engine.speak(call, body ?? {});
    default:
      throw new CallFailure("request_invalid", `There is no operation ${String(op)}.`);
  }
}
