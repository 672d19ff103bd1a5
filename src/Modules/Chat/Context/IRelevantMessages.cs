using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Context;

/// <summary>
/// Finds what was said earlier in a conversation that bears on a question. The context builder asks every registered one when messages
/// have fallen out, with a deadline, and takes what fits; with none registered it does without.
/// </summary>
internal interface IRelevantMessages
{
    /// <summary>The best first; messages of other branches do no harm and are ignored.</summary>
    Task<IReadOnlyList<MessageId>> FindAsync(UserId owner, ConversationId conversation, string question, int most, CancellationToken cancel);
}
