// The built server on an empty data folder, with an owner.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = ["Release", "Debug"].map((kind) => fileURLToPath(new URL(`../../src/Host/bin/${kind}/app/jeantrail.dll`, import.meta.url))).find(existsSync);
const patienceMs = 90_000;

const freePort = () => new Promise((resolve) => {
  const socket = createServer().listen(0, "127.0.0.1", () => {
    const { port } = socket.address();
    socket.close(() => resolve(port));
  });
});

export async function startServer() {
  if (!program) throw new Error("The server was not built.");
  const data = mkdtempSync(join(tmpdir(), "jeantrail-bench-"));
  // PostgreSQL runs as somebody else.
  chmodSync(data, 0o755);
  const port = await freePort();
  const child = spawn("dotnet", [program, "serve", "--port", String(port), "--data", data], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (piece) => { said += piece; });
  const base = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const over = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await over;
    rmSync(data, { recursive: true, force: true });
  };
  for (const began = Date.now(); ; await new Promise((go) => setTimeout(go, 100))) {
    const code = /with this code:\s+(\S+)/.exec(said)?.[1];
    if (code && (await fetch(base).catch(() => null))?.ok) return { base, code, stop };
    if (child.exitCode !== null || Date.now() - began > patienceMs) {
      await stop().catch(() => undefined);
      throw new Error(`The server did not start:\n${said}`);
    }
  }
}
