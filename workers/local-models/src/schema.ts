import type { ChatModelFunctions, GbnfJsonSchema } from "node-llama-cpp";
import { CallFailure } from "../../shared/dist/calls.js";

type Json = Record<string, unknown>;

const MAX_DEPTH = 32;

/**
 * A JSON schema in the part of the language that becomes a grammar. What the grammar has no word for is left out, so that its sentences are at
 * least JSON of the right shape: optional members are always written, patterns and numeric bounds are not enforced.
 */
export function grammarSchema(schema: unknown, depth = 0): GbnfJsonSchema {
  if (depth > MAX_DEPTH) throw new CallFailure("request_invalid", "A schema is nested too deeply.");
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return { type: "object", additionalProperties: true };
  const given = schema as Json;
  const described = typeof given["description"] === "string" ? { description: given["description"] } : {};
  const definitions = given["$defs"] ?? given["definitions"];
  const shared =
    typeof definitions === "object" && definitions !== null
      ? { $defs: Object.fromEntries(Object.entries(definitions).map(([name, one]) => [name, grammarSchema(one, depth + 1)])) }
      : {};
  return { ...shape(given, depth), ...described, ...shared } as GbnfJsonSchema;
}

function shape(given: Json, depth: number): Json {
  if (typeof given["$ref"] === "string") return { $ref: given["$ref"].replace("#/definitions/", "#/$defs/") };
  if ("const" in given) return { const: given["const"] };
  if (Array.isArray(given["enum"])) return { enum: given["enum"] };
  const choices = given["oneOf"] ?? given["anyOf"];
  if (Array.isArray(choices)) return { oneOf: choices.map((choice) => grammarSchema(choice, depth + 1)) };
  if (Array.isArray(given["allOf"])) return shape(merged(given["allOf"] as Json[]), depth);
  const type = given["type"] ?? (given["properties"] ? "object" : given["items"] ? "array" : undefined);
  if (Array.isArray(type)) {
    const simple = type.every((one) => one !== "object" && one !== "array");
    return simple ? { type } : { oneOf: type.map((one) => grammarSchema({ ...given, type: one }, depth + 1)) };
  }
  switch (type) {
    case "object":
      return objectShape(given, depth);
    case "array":
      return {
        type,
        items: given["items"] === undefined ? { type: ["string", "number", "boolean", "null"] } : grammarSchema(given["items"], depth + 1),
        ...pick(given, "minItems", "maxItems"),
      };
    case "string":
      return ["date-time", "time", "date"].includes(given["format"] as string) ? { type, format: given["format"] } : { type, ...pick(given, "minLength", "maxLength") };
    case "number":
    case "integer":
    case "boolean":
    case "null":
      return { type };
    default:
      return { oneOf: [{ type: ["string", "number", "boolean", "null"] }, { type: "object", additionalProperties: true }] };
  }
}

function objectShape(given: Json, depth: number): Json {
  const properties = Object.entries((given["properties"] ?? {}) as Json).map(([name, one]) => [name, grammarSchema(one, depth + 1)] as const);
  const more = given["additionalProperties"];
  const open = more === true || (more === undefined && properties.length === 0) ? true : typeof more === "object" && more !== null ? grammarSchema(more, depth + 1) : false;
  return { type: "object", properties: Object.fromEntries(properties), ...(open === false ? {} : { additionalProperties: open }) };
}

function merged(parts: Json[]): Json {
  const properties = Object.assign({}, ...parts.map((part) => part["properties"] ?? {})) as Json;
  return { ...Object.assign({}, ...parts), properties } as Json;
}

function pick(given: Json, ...names: string[]): Json {
  return Object.fromEntries(names.filter((name) => typeof given[name] === "number").map((name) => [name, given[name]]));
}

/** What tools a request offers, and whether one of them must be called. */
export interface Tools {
  functions: ChatModelFunctions | undefined;
  forced: boolean;
  parallel: boolean;
}

export function readTools(body: Json): Tools {
  const choice = body["tool_choice"];
  const list = (Array.isArray(body["tools"]) ? body["tools"] : []) as { type?: string; function?: { name?: string; description?: string; parameters?: unknown } }[];
  if (list.length === 0 || choice === "none") return { functions: undefined, forced: false, parallel: false };
  const wanted = typeof choice === "object" && choice !== null ? (choice as { function?: { name?: string } }).function?.name : undefined;
  const functions: Record<string, { description?: string; params?: GbnfJsonSchema }> = {};
  for (const tool of list) {
    const name = tool.function?.name;
    if (tool.type !== "function" || !name) throw new CallFailure("not_supported", "Tools are functions with a name here.");
    if (wanted !== undefined && wanted !== name) continue;
    const empty = Object.keys((tool.function?.parameters as Json | undefined)?.["properties"] ?? {}).length === 0;
    functions[name] = {
      ...(tool.function?.description ? { description: tool.function.description } : {}),
      ...(empty ? {} : { params: grammarSchema(tool.function?.parameters) }),
    };
  }
  if (wanted !== undefined && !(wanted in functions)) throw new CallFailure("request_invalid", `There is no tool ${wanted}.`);
  return { functions, forced: wanted !== undefined || choice === "required", parallel: body["parallel_tool_calls"] !== false };
}
