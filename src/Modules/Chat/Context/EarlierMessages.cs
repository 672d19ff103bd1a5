using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Context;

/// <summary>Asks the searches for what bears on a question. An answer never waits long for it: what is late is left out.</summary>
internal sealed class EarlierMessages(IEnumerable<IRelevantMessages> searches, TimeProvider clock)
{
    const int Most = 6;
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public async Task<IReadOnlyList<MessageId>> FindAsync(UserId owner, ConversationId conversation, string question, CancellationToken cancel)
    {
        if (!searches.Any())
            return [];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = clock.CreateTimer(_ => deadline.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            var found = await Task.WhenAll(searches.Select(search => search.FindAsync(owner, conversation, question, Most, deadline.Token)));
            return [.. found.SelectMany(ids => ids).Distinct()];
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [];
        }
    }
}
