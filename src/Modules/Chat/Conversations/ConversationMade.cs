using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Chat.Conversations;

/// <summary>A conversation is made once for a key, also when the node that made it died before it could say so.</summary>
internal static class ConversationMade
{
    public static ConversationId IdFor(HttpRequest request, UserId person, TimeProvider clock)
        => IdempotencyMetadata.IdFor(request, person) is { } known ? ConversationId.From(known) : Ids.New<ConversationId>(clock);

    /// <summary>What was made before; null the first time.</summary>
    public static async Task<ConversationSummary?> FindAsync(Tx tx, ConversationId id, UserId person, CancellationToken cancel)
        => (await tx.FindAsync<ConversationRow>(ConversationSql.FindCopy, new { Copy = id, Person = person }, cancel))?.ToSummary();
}
