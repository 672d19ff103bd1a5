using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Chat.Memory;

/// <summary>Something to be kept or proposed.</summary>
internal sealed record NewFact(string Text, string Kind, Guid? ProjectId, string State, ConversationId? Conversation = null, MessageId? Message = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Takes facts in, each once.</summary>
internal sealed class MemoryBook(Db db, IRealtime realtime, TimeProvider clock) : IMemory
{
    // The person's own: the message began a turn of theirs, and was not copied from elsewhere.
    const string OwnWordsSql = """
        select m.conversation_id, m.text from chat.message m
            join chat.turn t on t.turn_id = m.turn_id and t.user_message_id = m.message_id and t.owner_id = @Owner
            join chat.conversation c on c.conversation_id = m.conversation_id and c.owner_id = @Owner
        where m.message_id = @Message and m.role = 'user' and not c.temporary and c.deleted_at is null
            and not exists (select from chat.memory_off o where o.owner_id = @Owner)
        """;

    public async Task<bool> RememberAsync(UserId user, MessageId message, string text, CancellationToken cancel)
    {
        if (await db.FindAsync<OwnWords>(OwnWordsSql, new { Owner = user, Message = message }, cancel) is not { } own || !own.Text.Contains(text, StringComparison.Ordinal))
            return false;
        var clean = MemoryRules.Clean(text);
        if (clean.Length is 0 or > MemoryRules.LongestText)
            return false;
        return (await AddAsync(user, new NewFact(clean, "other", null, "kept", own.ConversationId, message), cancel)).Succeeded;
    }

    /// <summary>
    /// The fact as it is now. What is known already stays as it is, but what a person keeps is kept, also where they dismissed it before.
    /// </summary>
    public async Task<Result<MemoryFact>> AddAsync(UserId owner, NewFact fact, CancellationToken cancel)
    {
        var added = await db.InTransactionAsync(tx => AddAsync(tx, owner, fact, cancel), cancel);
        if (added.Succeeded)
            await ChangedAsync(owner, cancel);
        return added;
    }

    public Task ChangedAsync(UserId owner, CancellationToken cancel) => realtime.PublishAsync($"user:{owner.Value}", "chat.memory-changed", new { }, cancel);

    async Task<Result<MemoryFact>> AddAsync(Tx tx, UserId owner, NewFact fact, CancellationToken cancel)
    {
        var row = new
        {
            Id = Ids.New<MemoryId>(clock),
            Owner = owner,
            fact.Text,
            fact.Kind,
            fact.ProjectId,
            ConversationId = fact.Conversation,
            MessageId = fact.Message,
            fact.State,
            fact.ExpiresAt,
            Now = clock.GetUtcNow(),
        };
        await tx.ExecuteAsync(MemorySql.Lock, row, cancel);
        if (await tx.FindAsync<MemoryFact>(MemorySql.FindSame, row, cancel) is { } known)
        {
            if (fact.State != "kept" || known.State == "kept")
                return known;
            var keys = new { known.Id, Owner = owner, row.Now };
            await tx.ExecuteAsync(MemorySql.Keep, keys, cancel);
            return (await tx.FindAsync<MemoryFact>(MemorySql.FindOwned, keys, cancel))!;
        }

        if (await tx.FindAsync<int>(MemorySql.Count, row, cancel) >= (fact.State == "kept" ? MemoryRules.MostKept : MemoryRules.MostProposed))
            return ChatErrors.TooManyMemories;
        if (await tx.ExecuteAsync(MemorySql.Insert, row, cancel) == 0)
            return ChatErrors.ProjectNotFound;
        return (await tx.FindAsync<MemoryFact>(MemorySql.FindOwned, row, cancel))!;
    }

    sealed record OwnWords(ConversationId ConversationId, string Text);
}
