using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Upstream;

/// <summary>Turns the pieces of an upstream's answer into updates; tool calls, which arrive in fragments, are handed on whole.</summary>
internal sealed class ReplyAssembler(string modelId)
{
    readonly SortedDictionary<int, ToolCall> calls = [];
    ChunkUsage? usage;
    string? responseId;
    ChatFinishReason? finish;

    /// <summary>The upstream said that the answer is complete.</summary>
    internal bool Finished => finish is not null;

    /// <summary>What can be shown of this piece at once, or null.</summary>
    internal ChatResponseUpdate? Take(ChatChunk chunk)
    {
        responseId ??= chunk.Id;
        usage = chunk.Usage ?? usage;
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
    internal ChatResponseUpdate End()
    {
        var last = Update();
        last.FinishReason = finish ?? ChatFinishReason.Stop;
        foreach (var call in calls.Values.Where(call => call.Name.Length > 0))
            last.Contents.Add(call.ToContent());
        if (usage is not null)
            last.Contents.Add(new UsageContent(Details(usage)));
        return last;
    }

    ChatResponseUpdate? Take(ChunkDelta delta, ChatResponseUpdate? update)
    {
        if ((delta.ReasoningContent ?? delta.Reasoning) is { Length: > 0 } reasoning)
            (update ??= Update()).Contents.Add(new TextReasoningContent(reasoning));
        if ((string.IsNullOrEmpty(delta.Content) ? delta.Refusal : delta.Content) is { Length: > 0 } text)
            (update ??= Update()).Contents.Add(new TextContent(text));
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

    ChatResponseUpdate Update() => new() { Role = ChatRole.Assistant, ModelId = modelId, ResponseId = responseId };

    static ChatFinishReason Reason(string reason) => reason switch
    {
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(reason),
    };

    static UsageDetails Details(ChunkUsage usage) => new()
    {
        InputTokenCount = usage.PromptTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.TotalTokens,
        CachedInputTokenCount = usage.PromptTokensDetails?.CachedTokens,
        ReasoningTokenCount = usage.CompletionTokensDetails?.ReasoningTokens,
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
