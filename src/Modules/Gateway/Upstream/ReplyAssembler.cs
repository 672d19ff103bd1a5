using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Upstream;

/// <summary>Turns the pieces of an upstream's answer into updates; tool calls, which arrive in fragments, are handed on whole.</summary>
internal sealed class ReplyAssembler(string modelId)
{
    readonly SortedDictionary<int, ToolCall> calls = [];
    string? responseId;
    ChatFinishReason? finish;

    /// <summary>What can be shown of this piece at once, or null.</summary>
    internal ChatResponseUpdate? Take(ChatChunk chunk)
    {
        responseId ??= chunk.Id;
        if (chunk.Choices is not { Count: > 0 } choices)
            return null;
        ChatResponseUpdate? update = null;
        foreach (var choice in choices)
        {
            // Only one answer is ever asked for.
            if (choice is not { Index: 0 })
                continue;
            if ((choice.Delta ?? choice.Message) is { } delta)
                update = Take(delta, update);
            if (choice.FinishReason is { Length: > 0 } reason)
                finish = Reason(reason);
        }

        return update;
    }

    /// <summary>What is known only at the end: tool calls, the reason of the end, the token counts.</summary>
    /// <param name="facts">The token counts, which the exchange has read and does not pass on unasked.</param>
    internal ChatResponseUpdate End(ReplyFacts facts)
    {
        var last = Update();
        last.FinishReason = finish ?? ChatFinishReason.Stop;
        foreach (var call in calls.Values.Where(call => call.Name.Length > 0))
            last.Contents.Add(call.ToContent());
        if (facts.InputTokens is not null || facts.OutputTokens is not null)
            last.Contents.Add(new UsageContent(Details(facts)));
        return last;
    }

    ChatResponseUpdate? Take(ChunkDelta delta, ChatResponseUpdate? update)
    {
        if ((delta.ReasoningContent ?? delta.Reasoning) is { Length: > 0 } reasoning)
            (update ??= Update()).Contents.Add(new TextReasoningContent(reasoning));
        if ((string.IsNullOrEmpty(delta.Content) ? delta.Refusal : delta.Content) is { Length: > 0 } text)
            (update ??= Update()).Contents.Add(new TextContent(text));
        foreach (var image in delta.Images ?? [])
        {
            if (ImageOf(image?.ImageUrl?.Url) is { } content)
                (update ??= Update()).Contents.Add(content);
        }

        foreach (var fragment in delta.ToolCalls ?? [])
        {
            if (fragment is null)
                continue;
            // Servers that send calls whole leave the index out.
            var index = fragment.Index ?? calls.Count;
            if (!calls.TryGetValue(index, out var call))
                calls[index] = call = new ToolCall(index);
            call.Add(fragment);
        }

        return update;
    }

    /// <summary>What is neither data nor an https address is left out.</summary>
    static AIContent? ImageOf(string? url)
    {
        if (url is null)
            return null;
        try
        {
            if (url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
                return new DataContent(url);
        }
        catch (Exception failure) when (failure is UriFormatException or ArgumentException or FormatException)
        {
            return null;
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? new UriContent(address, "image/*") : null;
    }

    ChatResponseUpdate Update() => new() { Role = ChatRole.Assistant, ModelId = modelId, ResponseId = responseId };

    static ChatFinishReason Reason(string reason) => reason switch
    {
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(reason),
    };

    static UsageDetails Details(ReplyFacts facts) => new()
    {
        InputTokenCount = facts.InputTokens,
        OutputTokenCount = facts.OutputTokens,
        TotalTokenCount = facts.InputTokens + facts.OutputTokens,
        CachedInputTokenCount = facts.CachedInputTokens,
        ReasoningTokenCount = facts.ReasoningTokens,
    };

    sealed class ToolCall(int index)
    {
        readonly StringBuilder arguments = new();
        string? id;

        internal string Name { get; private set; } = "";

        internal void Add(ChunkToolCall fragment)
        {
            id ??= fragment.Id;
            Name += fragment.Function?.Name;
            arguments.Append(fragment.Function?.Arguments);
        }

        internal FunctionCallContent ToContent()
            => FunctionCallContent.CreateFromParsedArguments(arguments.ToString(), id ?? $"call_{index}", Name, Parse);

        // A failure here is kept in the content: the model is told that its arguments were not JSON.
        static IDictionary<string, object?>? Parse(string json)
            => json.Length == 0 ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions);
    }
}
