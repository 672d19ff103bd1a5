import { describe, expect, it } from "vitest";
import { destinationOf, freeName, presets } from "./presets";

describe("where messages go", () => {
  it.each([
    ["http://127.0.0.1:11434/v1", "local"], ["http://localhost:8080/v1", "local"], ["http://[::1]:8000/v1", "local"],
    ["http://192.168.1.20/v1", "network"], ["http://10.0.0.3:8000", "network"], ["http://gpu-box:8000/v1", "network"], ["http://gpu.lan/v1", "network"], ["http://172.20.1.1/v1", "network"],
    ["https://api.openai.com/v1", "away"], ["http://172.32.0.1/v1", "away"], ["http://8.8.8.8/v1", "away"],
  ])("%s is %s", (url, kind) => {
    expect(destinationOf(url)?.kind).toBe(kind);
  });

  it.each(["", "api.openai.com", "ftp://x", "javascript:alert(1)", "http://"])("%j is no address", (url) => {
    expect(destinationOf(url)).toBeNull();
  });
});

describe("presets", () => {
  it("say truly whether they stay on this machine, and ask for a key only when they do not", () => {
    for (const preset of presets) {
      expect(destinationOf(preset.baseUrl)?.kind === "local", preset.name).toBe(preset.local);
      expect(preset.keyUrl !== undefined, preset.name).toBe(!preset.local);
    }
  });

  it("get a name nobody has", () => {
    expect(freeName("Ollama", [])).toBe("Ollama");
    expect(freeName("Ollama", ["ollama", "Ollama 2"])).toBe("Ollama 3");
  });
});
