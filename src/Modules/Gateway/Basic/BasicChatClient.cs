using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Basic;

/// <summary>The built-in engine <c>jean/basic</c>: no model, only skills. What it cannot do it says.</summary>
internal sealed class BasicChatClient(ISkillEngine skills, UserId user) : IChatClient
{
    /// <summary>Set on the first update where what is spoken differs from what is shown.</summary>
    internal const string Spoken = "jean.spoken";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = Request(messages, options);
        var reply = await skills.TryAnswerAsync(request, cancellationToken) ?? skills.Decline(request);
        foreach (var update in Stream(reply))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("jean", null, GatewayErrors.BasicModel)
            : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The engine is shared.
    }

    /// <summary>The skill's answer to the person's last message; null when no skill knows it or the conversation does not end with the person.</summary>
    internal async Task<IEnumerable<ChatResponseUpdate>?> TryAnswerAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancel)
    {
        var request = Request(messages, options);
        return request.Text.Length > 0 && await skills.TryAnswerAsync(request, cancel) is { } reply ? Stream(reply) : null;
    }

    SkillRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var conversation = messages.Where(message => message.Role == ChatRole.User || message.Role == ChatRole.Assistant).ToList();
        var text = conversation is [.., { } last] && last.Role == ChatRole.User ? last.Text : "";
        var earlier = conversation.SkipLast(1).Select(message => new SkillContext(message.Role == ChatRole.User, message.Text)).ToList();
        return new SkillRequest(
            user, text, Option<string>(options, ModelOptions.Language) ?? "en", Option<string>(options, ModelOptions.TimeZone), earlier, Option<Task>(options, ModelOptions.Stored),
            Guid.TryParse(Option<string>(options, ModelOptions.Message), out var message) ? new MessageId(message) : null, KeepsNothing(options));
    }

    /// <summary><see cref="ModelOptions.KeepNothing"/>.</summary>
    internal static bool KeepsNothing(ChatOptions? options)
        => options?.AdditionalProperties?.TryGetValue(ModelOptions.KeepNothing, out var value) == true && value is true;

    static T? Option<T>(ChatOptions? options, string name)
        where T : class
        => options?.AdditionalProperties?.TryGetValue(name, out var value) == true ? value as T : null;

    /// <summary>Word by word, so that an answer looks and is spoken like any other, but without waiting between them.</summary>
    static IEnumerable<ChatResponseUpdate> Stream(SkillReply reply)
    {
        var first = Update([]);
        first.AdditionalProperties = new() { [ModelOptions.Language] = reply.Language };
        if (reply.Spoken is { } spoken)
            first.AdditionalProperties[Spoken] = spoken;
        yield return first;
        foreach (var word in Words(reply.Text))
            yield return Update([new TextContent(word)]);
        var last = Update([.. (reply.Actions ?? []).Select(action => new ClientActionContent(action)), .. (reply.Citations ?? []).Select(citation => new CitationContent(citation))]);
        last.FinishReason = ChatFinishReason.Stop;
        yield return last;
    }

    static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (char.IsWhiteSpace(text[at]) || !char.IsWhiteSpace(text[at - 1]))
                continue;
            yield return text[start..at];
            start = at;
        }

        if (start < text.Length)
            yield return text[start..];
    }

    static ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents) { ModelId = GatewayErrors.BasicModel };
}
