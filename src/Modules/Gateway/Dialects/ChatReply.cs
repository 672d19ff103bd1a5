using System.Buffers;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Dialects;

/// <summary>A whole reply, gathered from an upstream's and written as OpenAI's. Source: OpenAI API reference, chat completion object.</summary>
internal sealed class ChatReply
{
    readonly SortedDictionary<int, ChoiceDraft> choices = [];

    internal string Id { get; set; } = ChatChunkWriter.NewId();

    internal ChoiceDraft Choice(int index)
    {
        if (!choices.TryGetValue(index, out var choice))
            choices[index] = choice = new ChoiceDraft();
        return choice;
    }

    internal void WriteTo(IBufferWriter<byte> output, DialectRequest request, ReplyFacts facts)
    {
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, request.Now.ToUnixTimeSeconds());
        json.WriteString("model"u8, request.PublicModel);
        json.WriteStartArray("choices"u8);
        foreach (var (index, choice) in choices)
        {
            facts.OutputBytes += choice.Bytes;
            choice.WriteTo(json, index);
        }

        json.WriteEndArray();
        if (facts.InputTokens is not null || facts.OutputTokens is not null)
            WriteUsage(json, facts);
        json.WriteEndObject();
    }

    internal static void WriteUsage(Utf8JsonWriter json, ReplyFacts facts)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, facts.InputTokens ?? 0);
        json.WriteNumber("completion_tokens"u8, facts.OutputTokens ?? 0);
        json.WriteNumber("total_tokens"u8, (facts.InputTokens ?? 0) + (facts.OutputTokens ?? 0));
        if (facts.CachedInputTokens is not null || facts.CacheWriteTokens is not null)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, facts.CachedInputTokens ?? 0);
            if (facts.CacheWriteTokens is { } written)
                json.WriteNumber("cache_write_tokens"u8, written);
            json.WriteEndObject();
        }

        if (facts.ReasoningTokens is { } reasoning)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, reasoning);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Pictures in an answer, in the shape that OpenRouter gave them and others took over.</summary>
    internal static void WriteImages(Utf8JsonWriter json, IReadOnlyList<string> dataUris, int first)
    {
        json.WriteStartArray("images"u8);
        for (var i = 0; i < dataUris.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, first + i);
            json.WriteString("type"u8, "image_url"u8);
            json.WriteStartObject("image_url"u8);
            json.WriteString("url"u8, dataUris[i]);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteThinking(Utf8JsonWriter json, IReadOnlyList<ThinkingDraft> blocks)
    {
        json.WriteStartArray("thinking_blocks"u8);
        foreach (var block in blocks)
        {
            json.WriteStartObject();
            if (block.Redacted is { } data)
            {
                json.WriteString("type"u8, "redacted_thinking"u8);
                json.WriteString("data"u8, data);
            }
            else
            {
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, block.Text);
                json.WriteString("signature"u8, block.Signature);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>One of the answers of a reply.</summary>
internal sealed class ChoiceDraft
{
    internal StringBuilder Text { get; } = new();

    internal StringBuilder Reasoning { get; } = new();

    internal List<ThinkingDraft> Thinking { get; } = [];

    internal List<ToolCallDraft> ToolCalls { get; } = [];

    internal List<string> Images { get; } = [];

    /// <summary>The upstream's proof that the text is its own.</summary>
    internal string? Signature { get; set; }

    internal string Finish { get; set; } = "stop";

    internal long Bytes => Size(Text) + Size(Reasoning)
        + ToolCalls.Sum(call => (long)Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments));

    internal void WriteTo(Utf8JsonWriter json, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, Text.Length == 0 && ToolCalls.Count > 0 ? null : Text.ToString());
        json.WriteNull("refusal"u8);
        if (Reasoning.Length > 0)
            json.WriteString("reasoning_content"u8, Reasoning.ToString());
        if (Thinking.Count > 0)
            ChatReply.WriteThinking(json, Thinking);
        if (Images.Count > 0)
            ChatReply.WriteImages(json, Images, 0);
        if (ToolCalls.Count > 0)
            WriteToolCalls(json);
        if (Signature is not null)
            ToolCallDraft.WriteSignature(json, Signature);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, Finish);
        json.WriteEndObject();
    }

    void WriteToolCalls(Utf8JsonWriter json)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in ToolCalls)
        {
            json.WriteStartObject();
            call.WriteMembers(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static long Size(StringBuilder text)
    {
        long size = 0;
        foreach (var chunk in text.GetChunks())
            size += Encoding.UTF8.GetByteCount(chunk.Span);
        return size;
    }
}

/// <param name="Redacted">Reasoning that the upstream gives only in a form it alone can read; then there is no text.</param>
internal sealed record ThinkingDraft(string Text, string? Signature, string? Redacted = null);

/// <param name="Arguments">JSON.</param>
/// <param name="Signature">The upstream's proof that the call is its own, to be given back in the next request; null where it gives none.</param>
internal sealed record ToolCallDraft(string Id, string Name, string Arguments, string? Signature = null)
{
    internal void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("id"u8, Id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, Name);
        json.WriteString("arguments"u8, Arguments);
        json.WriteEndObject();
        if (Signature is not null)
            WriteSignature(json, Signature);
    }

    internal static void WriteSignature(Utf8JsonWriter json, string signature)
    {
        json.WriteStartObject("extra_content"u8);
        json.WriteStartObject("google"u8);
        json.WriteString("thought_signature"u8, signature);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
