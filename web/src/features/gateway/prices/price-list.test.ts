import { describe, expect, it } from "vitest";
import type { Model, Price } from "@/shared/api/types";
import { isLive, patternFor, patternsOf, pricedModels, seriesOf } from "./price-list";

const now = new Date("2026-11-21T10:00:00Z");
let id = 0;
const version = (pattern: string, validFrom: string, rest: Partial<Price> = {}): Price => ({
  id: `p${++id}`, pattern, version: 1, inForce: false, inputMicros: 1, outputMicros: 1, cachedInputMicros: null, cacheWriteMicros: null, reasoningMicros: null,
  requestMicros: 0, imageMicros: null, audioSecondMicros: null, characterMicros: null, validFrom, ended: false, ...rest,
});

describe("the list of prices", () => {
  it("knows what counts, what comes and what was", () => {
    const [series] = seriesOf([
      version("a/x", "2027-01-01T00:00:00Z", { ended: true }), version("a/x", "2026-12-01T00:00:00Z", { version: 3 }), version("a/x", "2026-12-01T00:00:00Z", { version: 2 }),
      version("a/x", "2026-11-01T00:00:00Z", { inForce: true }), version("a/x", "2026-10-01T00:00:00Z"),
    ], now);
    expect(series!.versions.map((v) => v.state)).toEqual(["planned", "planned", "replaced", "inForce", "past"]);
    expect(series!.current!.validFrom).toBe("2026-11-01T00:00:00Z");
    expect(series!.next!.version).toBe(3);
  });

  it("believes the server when its clock is ahead", () => {
    const [series] = seriesOf([version("a/x", "2026-11-21T10:00:05Z", { inForce: true })], now);
    expect(series!.versions[0]!.state).toBe("inForce");
  });

  it("puts models before their provider, and everything at the end", () => {
    const from = "2026-11-01T00:00:00Z";
    expect(seriesOf(["*", "a/*", "a/x", "b/y"].map((p) => version(p, from)), now).map((s) => s.pattern)).toEqual(["a/x", "a/*", "b/y", "*"]);
  });

  it("tells ended prices from live ones", () => {
    const states = seriesOf([
      version("a", "2026-11-10T00:00:00Z", { ended: true }), version("a", "2026-11-01T00:00:00Z"),
      version("b", "2026-12-10T00:00:00Z"), version("c", "2026-12-10T00:00:00Z", { ended: true }), version("c", "2026-11-01T00:00:00Z", { inForce: true }),
    ], now);
    expect(states.map(isLive)).toEqual([false, true, true]);
  });
});

describe("patterns", () => {
  it("count for a model by how exactly they name it", () => {
    expect(patternFor("a/x", ["*", "a/*", "a/x"])).toBe("a/x");
    expect(patternFor("a/y", ["*", "a/*", "a/x"])).toBe("a/*");
    expect(patternFor("b/y", ["*", "a/*"])).toBe("*");
    expect(patternFor("b/y", ["a/*"])).toBeNull();
  });

  it("are offered for models, providers and everything, not for routes and what is built in", () => {
    const model = (name: string, rest: Partial<Model> = {}): Model => ({ id: name, name, providerId: null, providerName: null, builtIn: false, isDefault: false, route: false, ...rest });
    const priced = pricedModels([model("a/x"), model("a/y"), model("smart", { route: true }), model("basic", { builtIn: true })]);
    expect(patternsOf(priced)).toEqual(["a/x", "a/y", "a/*", "*"]);
  });
});
