using System.Text.Json;

namespace JeanTrail.Gateway.Dialects;

/// <summary>
/// A conversation as others than OpenAI know it: turns that alternate, what a person said and what tools answered on one side, the model on
/// the other; system messages, wherever they stand, apart. Messages that say nothing are left out, for they are refused.
/// </summary>
internal sealed class ChatHistory
{
    readonly Dictionary<string, string> toolNames = new(StringComparer.Ordinal);

    internal List<JsonElement> SystemMessages { get; } = [];

    internal List<ChatTurn> Turns { get; } = [];

    /// <summary>The name of the tool by the id of its call: only the call says both.</summary>
    internal IReadOnlyDictionary<string, string> ToolNames => toolNames;

    internal IReadOnlyCollection<string> UsedTools => toolNames.Values.ToHashSet(StringComparer.Ordinal);

    /// <summary>The model is in the middle of using tools, and its first call has come back without the thinking that led to it.</summary>
    internal bool EndsInToolsWithoutThinking
    {
        get
        {
            ChatTurn? first = null;
            for (var i = Turns.Count - 1; i > 0 && !Turns[i].IsModel && Turns[i].Results.Any(); i -= 2)
                first = Turns[i - 1];
            return first is not null && !first.Messages[0].Member("thinking_blocks"u8).HasItems();
        }
    }

    /// <summary>Nobody has said anything: the system prompt is what the person has to say.</summary>
    internal bool IsOnlySystem => Turns.Count == 0;

    internal static ChatHistory Read(JsonElement root)
    {
        if (root.Member("messages"u8).ValueKind != JsonValueKind.Array)
            throw RequestTranslation.Invalid("messages must be an array.", "messages");
        var history = new ChatHistory();
        foreach (var message in root.Items("messages"u8))
        {
            if (!message.IsObject())
                throw RequestTranslation.Invalid("A message must be an object.", "messages");
            history.Add(message, message.Text("role"u8));
        }

        if (history.Turns.Count == 0 && history.SystemMessages.Count == 0)
            throw RequestTranslation.Invalid("messages must hold at least one message that says something.", "messages");
        return history;
    }

    void Add(JsonElement message, string? role)
    {
        if (role is "system" or "developer")
        {
            if (HasContent(message))
                SystemMessages.Add(message);
            return;
        }

        var isModel = role switch
        {
            "user" or "tool" => false,
            "assistant" => true,
            "function" => throw RequestTranslation.CannotSay("Messages of functions are given as those of tools here.", "messages"),
            _ => throw RequestTranslation.Invalid("The role of a message must be developer, system, user, assistant or tool.", "messages"),
        };
        foreach (var call in isModel ? message.Items("tool_calls"u8) : default)
            AddCall(call);
        if (role != "tool" && !HasContent(message))
            return;
        if (Turns.Count == 0 || Turns[^1].IsModel != isModel)
            Turns.Add(new ChatTurn(isModel, []));
        Turns[^1].Messages.Add(message);
    }

    void AddCall(JsonElement call)
    {
        if (call.Member("function"u8).Text("name"u8) is not { Length: > 0 } name)
            throw RequestTranslation.CannotSay("Only calls of functions can be given back.", "messages");
        if (call.Text("id"u8) is not { Length: > 0 } id)
            throw RequestTranslation.Invalid("A call of a tool must have an id.", "messages");
        toolNames[id] = name;
    }

    static bool HasContent(JsonElement message)
    {
        var content = message.Member("content"u8);
        return content.IsWritten()
            || content.Items().Any(part => part.Text("type"u8) is not ("text" or "refusal") || part.Member("text"u8).IsWritten() || part.Member("refusal"u8).IsWritten())
            || message.Member("refusal"u8).IsWritten()
            || message.Member("tool_calls"u8).HasItems();
    }
}

/// <summary>What one side said before the other spoke again.</summary>
internal sealed record ChatTurn(bool IsModel, List<JsonElement> Messages)
{
    /// <summary>What tools answered. It comes first in a turn, whatever else was said meanwhile.</summary>
    internal IEnumerable<JsonElement> Results => Messages.Where(IsResult);

    internal IEnumerable<JsonElement> Others => Messages.Where(message => !IsResult(message));

    static bool IsResult(JsonElement message) => message.Text("role"u8) == "tool";
}
