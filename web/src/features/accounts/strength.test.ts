import { describe, expect, it } from "vitest";
import { deviceOf } from "./device";
import { passwordStrength } from "./strength";

describe("password strength", () => {
  it.each(["", "abc", "password", "aaaaaaaaaaaaaaaa", "1234567890123456", "password123456"])("%j is weak", (password) => {
    expect(passwordStrength(password).level).toBeLessThanOrEqual(1);
  });

  it.each(["copper lantern violet rain", "xK9#mQ2$vL7!pR4", "жёлтый трамвай едет домой"])("%j is good", (password) => {
    expect(passwordStrength(password).level).toBeGreaterThanOrEqual(3);
  });

  it("counts the person's own name and e-mail as nothing", () => {
    const password = "sofia.example.2026";
    expect(passwordStrength(password, ["sofia@example.org"]).level).toBeLessThan(passwordStrength(password).level);
  });

  it("says how many characters are missing", () => {
    expect(passwordStrength("sunny horse").missing).toBe(1);
    expect(passwordStrength("sunny horses").missing).toBe(0);
  });
});

describe("a device", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome", "Linux"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge", "Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari", "iPhone"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "macOS"],
    ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android"],
  ])("%s", (agent, browser, system) => {
    expect(deviceOf(agent)).toEqual({ browser, system });
  });

  it("is unknown when the agent says nothing", () => {
    expect(deviceOf(null)).toBeNull();
    expect(deviceOf("MyScript/1.0")).toBeNull();
  });
});
