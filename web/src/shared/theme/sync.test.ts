import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Preferences } from "@/shared/api/types";
import { usePreferences } from "./store";
import { adoptPreferences, forgetPreferencesOwner, setPreferences } from "./sync";

const server: Preferences = { locale: "en", theme: "dark", density: "compact", speakReplies: true, voiceId: null, speechRate: 1.2, showAvatar: true, skillsFirst: true, timeZone: "Europe/Berlin", localVoice: null, hearing: null, recordingsModel: null };
const fetched = vi.fn<typeof fetch>();
const sent = (): Preferences => JSON.parse(fetched.mock.lastCall![1]!.body as string) as Preferences;

beforeEach(() => {
  vi.useFakeTimers();
  fetched.mockImplementation(() => Promise.resolve(new Response(null, { status: 204 })));
  vi.stubGlobal("fetch", fetched);
});
afterEach(() => {
  localStorage.clear();
  forgetPreferencesOwner();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  fetched.mockReset();
});

describe("preferences", () => {
  it("stay on the device before anybody signed in", async () => {
    await setPreferences({ theme: "light" });
    await vi.runAllTimersAsync();
    expect(usePreferences.getState().theme).toBe("light");
    expect(fetched).not.toHaveBeenCalled();
  });

  it("come from the server at sign-in", async () => {
    await adoptPreferences("olga", server);
    await vi.runAllTimersAsync();
    expect(usePreferences.getState()).toMatchObject({ theme: "dark", density: "compact", speechRate: 1.2 });
    expect(fetched).not.toHaveBeenCalled();
  });

  it("are sent once after a burst of changes", async () => {
    await adoptPreferences("olga", server);
    for (const speechRate of [1.3, 1.4, 1.5]) await setPreferences({ speechRate });
    await vi.runAllTimersAsync();
    expect(fetched).toHaveBeenCalledOnce();
    expect(sent()).toMatchObject({ speechRate: 1.5, theme: "dark" });
  });

  it("that were changed here are not undone by an older copy", async () => {
    await adoptPreferences("olga", server);
    fetched.mockImplementationOnce(() => Promise.reject(new TypeError("offline")));
    await setPreferences({ theme: "light" });
    await vi.runAllTimersAsync();
    await adoptPreferences("olga", server);
    await vi.runAllTimersAsync();
    expect(usePreferences.getState().theme).toBe("light");
    expect(sent()).toMatchObject({ theme: "light" });
    await adoptPreferences("olga", server);
    expect(usePreferences.getState().theme).toBe("dark");
  });

  it("that were changed just before the page was left are sent by the next", async () => {
    await adoptPreferences("olga", server);
    await setPreferences({ hearing: "local/ear" });
    expect(fetched).not.toHaveBeenCalled();

    vi.clearAllTimers();
    vi.resetModules();
    const next = await import("./sync");
    await next.adoptPreferences("olga", server);
    await vi.runAllTimersAsync();
    expect(sent()).toMatchObject({ hearing: "local/ear", theme: "dark" });
    await next.adoptPreferences("olga", server);
    expect((await import("./store")).usePreferences.getState().hearing).toBeNull();
    next.forgetPreferencesOwner();
  });

  it("that were changed just before the page was left give way to what was chosen elsewhere since", async () => {
    await adoptPreferences("olga", server);
    await setPreferences({ theme: "light", speechRate: 1.5 });
    vi.clearAllTimers();
    await adoptPreferences("olga", { ...server, theme: "system", density: "comfortable" });
    await vi.runAllTimersAsync();
    expect(usePreferences.getState()).toMatchObject({ theme: "system", density: "comfortable", speechRate: 1.5 });
    expect(sent()).toMatchObject({ theme: "system", density: "comfortable", speechRate: 1.5 });
  });

  it("are not sent when they are as they were", async () => {
    await adoptPreferences("olga", server);
    await setPreferences({ theme: "light" });
    await setPreferences({ theme: "dark" });
    await vi.runAllTimersAsync();
    expect(fetched).not.toHaveBeenCalled();
  });

  it("do not wait where the page is hidden, and go through although it is left", async () => {
    await adoptPreferences("olga", server);
    await setPreferences({ theme: "light" });
    const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    hidden.mockRestore();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toMatchObject({ theme: "light" });
    expect(fetched.mock.lastCall![1]).toMatchObject({ keepalive: true });
    await vi.runAllTimersAsync();
    expect(fetched).toHaveBeenCalledOnce();
  });

  it("of one person are not sent for another", async () => {
    await adoptPreferences("olga", server);
    await setPreferences({ theme: "light" });
    forgetPreferencesOwner();
    await adoptPreferences("ben", server);
    await vi.runAllTimersAsync();
    expect(fetched).not.toHaveBeenCalled();
    expect(usePreferences.getState().theme).toBe("dark");
  });

  it("wait for the person whose session was over before they were sent", async () => {
    await adoptPreferences("olga", server);
    await setPreferences({ theme: "light" });
    forgetPreferencesOwner();
    await adoptPreferences("olga", server);
    await vi.runAllTimersAsync();
    expect(sent()).toMatchObject({ theme: "light" });
  });

  it("that the server refuses give way to its copy", async () => {
    await adoptPreferences("olga", server);
    fetched.mockImplementationOnce(() => Promise.resolve(new Response(null, { status: 400 })));
    await setPreferences({ theme: "light" });
    await vi.runAllTimersAsync();
    await adoptPreferences("olga", server);
    expect(usePreferences.getState().theme).toBe("dark");
    expect(fetched).toHaveBeenCalledOnce();
  });

  it("go one after the other, the latest last", async () => {
    await adoptPreferences("olga", server);
    let answer = (): void => undefined;
    fetched.mockImplementationOnce(() => new Promise((resolve) => { answer = () => resolve(new Response(null, { status: 204 })); }));
    await setPreferences({ speechRate: 1.3 });
    await vi.advanceTimersByTimeAsync(500);
    await setPreferences({ speechRate: 1.4 });
    await vi.advanceTimersByTimeAsync(500);
    expect(fetched).toHaveBeenCalledOnce();
    answer();
    await vi.runAllTimersAsync();
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(sent()).toMatchObject({ speechRate: 1.4 });
  });

  it("tell the server the time zone it does not know", async () => {
    await adoptPreferences("olga", { ...server, timeZone: null });
    await vi.runAllTimersAsync();
    expect(sent().timeZone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});
