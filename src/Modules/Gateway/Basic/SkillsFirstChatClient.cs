using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Calls;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Basic;

/// <summary>The fast path in front of a model: what a skill recognises is answered at once and here; all else goes to the model.</summary>
internal sealed class SkillsFirstChatClient(IChatClient model, MeasuredBasicClient basic) : DelegatingChatClient(model)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? messages.ToList();
        if (IsWanted(options) && await basic.TryAnswerAsync(conversation, options, cancellationToken) is { } answer)
        {
            await foreach (var update in answer.WithCancellation(cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return update;
            }

            yield break;
        }

        await foreach (var update in base.GetStreamingResponseAsync(conversation, options, cancellationToken))
            yield return update;
    }

    /// <summary>Not where the caller gave tools or a shape for the answer: it wants the model.</summary>
    static bool IsWanted(ChatOptions? options)
        => options is not { Tools.Count: > 0 } and not { ResponseFormat: ChatResponseFormatJson }
            && (options?.AdditionalProperties?.TryGetValue(ModelOptions.SkillsFirst, out var value) != true || value is not false);
}
