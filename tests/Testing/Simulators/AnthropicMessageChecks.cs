using System.Text.Json;
using static JeanTrail.Testing.Simulators.AnthropicChecks;

namespace JeanTrail.Testing.Simulators;

/// <summary>What the Messages API refuses in the messages of a request.</summary>
internal static class AnthropicMessageChecks
{
    internal static void Check(JsonElement body, AnthropicThinkingProofs proofs)
    {
        var messages = body.Get("messages").Items().ToList();
        if (messages.Count == 0)
            throw Refuse("messages: at least one message is required");
        var open = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i].Str("role");
            if (role is not ("user" or "assistant"))
                throw Refuse($"messages.{i}.role: Input should be 'user' or 'assistant'");
            if (i == 0 && role != "user")
                throw Refuse("messages: first message must use the \"user\" role");
            if (i > 0 && role == messages[i - 1].Str("role"))
                throw Refuse($"messages: roles must alternate between \"user\" and \"assistant\", but found multiple \"{role}\" roles in a row");
            if (messages[i].Names().Any(name => name is not ("role" or "content")))
                throw Refuse($"messages.{i}: Extra inputs are not permitted");
            open = CheckContent(messages[i], i, open, proofs);
        }

        var last = messages[^1];
        if (last.Str("role") == "assistant" && LastText(last) is { } text && text != text.TrimEnd())
            throw Refuse("messages: final assistant content cannot end with trailing whitespace");
        CheckToolLoop(body, messages);
    }

    /// <summary>Returns the calls that the next message must answer.</summary>
    static HashSet<string> CheckContent(JsonElement message, int at, HashSet<string> open, AnthropicThinkingProofs proofs)
    {
        var content = message.Get("content");
        var isUser = message.Str("role") == "user";
        var blocks = content.Items().ToList();
        if (content.ValueKind == JsonValueKind.String ? string.IsNullOrWhiteSpace(content.GetString()) : blocks.Count == 0)
            throw Refuse($"messages.{at}: all messages must have non-empty content");
        var results = blocks.Where(block => block.Str("type") == "tool_result").Select(block => block.Str("tool_use_id") ?? "").ToList();
        if (results.Find(id => !open.Contains(id)) is { } unexpected)
            throw Refuse($"messages.{at}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {unexpected}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        if (open.Except(results, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw Refuse($"messages.{at - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {missing}.");
        if (blocks.SkipWhile(block => block.Str("type") == "tool_result").Any(block => block.Str("type") == "tool_result"))
            throw Refuse($"messages.{at}: `tool_result` blocks must come before other content");
        foreach (var block in blocks)
            CheckBlock(block, at, isUser, proofs);
        var calls = blocks.Where(block => block.Str("type") == "tool_use").Select(block => block.Str("id")!).ToList();
        if (calls.Distinct(StringComparer.Ordinal).Count() != calls.Count)
            throw Refuse($"messages.{at}: `tool_use` ids must be unique");
        return [.. calls];
    }

    static void CheckBlock(JsonElement block, int at, bool isUser, AnthropicThinkingProofs proofs)
    {
        switch (block.Str("type"))
        {
            case "text":
                if (string.IsNullOrWhiteSpace(block.Str("text")))
                    throw Refuse("messages: text content blocks must be non-empty");
                break;
            case "image" or "document" when isUser:
                CheckSource(block.Get("source"), block.Str("type")!, at);
                break;
            case "tool_use" when !isUser:
                if (block.Str("id") is not { } id || !ToolName().IsMatch(id) || !block.Get("input").IsObject())
                    throw Refuse($"messages.{at}.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
                break;
            case "tool_result" when isUser:
                foreach (var part in block.Get("content").Items())
                    CheckBlock(part, at, isUser, proofs);
                break;
            case "thinking" when !isUser:
                if (!proofs.Holds(block.Str("thinking"), block.Str("signature")))
                    throw Refuse($"messages.{at}.content.0: Invalid `signature` in `thinking` block");
                break;
            case "redacted_thinking" when !isUser:
                break;
            default:
                throw Refuse($"messages.{at}.content.0: Input tag '{block.Str("type")}' found using 'type' does not match any of the expected tags");
        }
    }

    static void CheckSource(JsonElement source, string kind, int at)
    {
        var valid = (source.Str("type"), kind) switch
        {
            ("base64", "image") => source.Str("media_type") is "image/jpeg" or "image/png" or "image/gif" or "image/webp" && Simulators.Check.IsBase64(source.Str("data")),
            ("base64", _) => source.Str("media_type") == "application/pdf" && Simulators.Check.IsBase64(source.Str("data")),
            ("text", "document") => source.Str("media_type") == "text/plain" && source.Str("data") is { Length: > 0 },
            ("url", _) => source.Str("url")?.StartsWith("https://", StringComparison.Ordinal) == true,
            _ => false,
        };
        if (!valid)
            throw Refuse($"messages.{at}.content.0.{kind}.source: invalid source");
    }

    static void CheckToolLoop(JsonElement body, List<JsonElement> messages)
    {
        var used = messages.Exists(message => message.Get("content").Items().Any(block => block.Str("type") == "tool_use"));
        if (used && !body.Has("tools"))
            throw Refuse("Requests which include `tool_use` or `tool_result` blocks must define tools");
        if (body.Get("thinking").Str("type") != "enabled" || messages.Count < 2)
            return;
        // A loop of calls and results counts as one turn of the model, which must begin with thinking.
        var first = -1;
        for (var i = messages.Count - 1; i > 0 && messages[i].Get("content").Items().Any(block => block.Str("type") == "tool_result"); i -= 2)
            first = i - 1;
        if (first >= 0 && messages[first].Get("content").Items().First().Str("type") is var found && found is not ("thinking" or "redacted_thinking"))
            throw Refuse($"messages.{first}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{found}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.");
    }

    static string? LastText(JsonElement message)
        => message.Get("content") is { ValueKind: JsonValueKind.String } text ? text.GetString() : message.Get("content").Items().LastOrDefault().Str("text");
}
