import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Preferences } from "@/shared/api/types";
import { usePreferences } from "./store";
import { adoptPreferences, forgetPreferencesOwner, setPreferences } from "./sync";

const server: Preferences = { locale: "en", theme: "dark", density: "compact", speakReplies: true, voiceId: null, speechRate: 1.2, showAvatar: true, skillsFirst: true, timeZone: "Europe/Berlin", localVoice: null, hearing: null, recordingsModel: null };
const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.useFakeTimers();
  fetched.mockImplementation(() => Promise.resolve(new Response(null, { status: 204 })));
  vi.stubGlobal("fetch", fetched);
});
afterEach(() => {
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
    await adoptPreferences(server);
    await vi.runAllTimersAsync();
    expect(usePreferences.getState()).toMatchObject({ theme: "dark", density: "compact", speechRate: 1.2 });
    expect(fetched).not.toHaveBeenCalled();
  });

  it("are sent once after a burst of changes", async () => {
    await adoptPreferences(server);
    for (const speechRate of [1.3, 1.4, 1.5]) await setPreferences({ speechRate });
    await vi.runAllTimersAsync();
    expect(fetched).toHaveBeenCalledOnce();
    expect(JSON.parse(fetched.mock.lastCall![1]!.body as string)).toMatchObject({ speechRate: 1.5, theme: "dark" });
  });

  it("that were changed here are not undone by an older copy", async () => {
    await adoptPreferences(server);
    fetched.mockImplementationOnce(() => Promise.reject(new TypeError("offline")));
    await setPreferences({ theme: "light" });
    await vi.runAllTimersAsync();
    await adoptPreferences(server);
    await vi.runAllTimersAsync();
    expect(usePreferences.getState().theme).toBe("light");
    expect(JSON.parse(fetched.mock.lastCall![1]!.body as string)).toMatchObject({ theme: "light" });
    await adoptPreferences(server);
    expect(usePreferences.getState().theme).toBe("dark");
  });

  it("tell the server the time zone it does not know", async () => {
    await adoptPreferences({ ...server, timeZone: null });
    await vi.runAllTimersAsync();
    const sent = JSON.parse(fetched.mock.lastCall![1]!.body as string) as Preferences;
    expect(sent.timeZone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});
