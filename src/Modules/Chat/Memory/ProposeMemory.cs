using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Chat.Memory;

/// <summary>After an answer: proposes to keep what the person said of themselves in the message that was answered. It proposes, and keeps nothing.</summary>
internal sealed class ProposeMemory(Db db, MemoryProposals proposals, MemoryBook book) : IJobHandler<ProposeMemory.Arguments>
{
    public sealed record Arguments(TurnId TurnId, string ModelId);

    public static string Kind => "chat.propose-memory";

    // Only what was typed for this very turn: a question that was asked again, or that came with a copy, may be somebody else's.
    const string WordsSql = """
        select t.owner_id, m.message_id, m.conversation_id, m.text from chat.turn t
            join chat.message m on m.message_id = t.user_message_id and m.turn_id = t.turn_id and m.role = 'user'
            join chat.conversation c on c.conversation_id = t.conversation_id
        where t.turn_id = @TurnId and c.owner_id = t.owner_id and c.deleted_at is null and not c.temporary and not chat.is_shared(c)
            and not exists (select from chat.memory_off o where o.owner_id = t.owner_id)
        """;

    public async Task RunAsync(Arguments arguments, JobContext context, CancellationToken cancel)
    {
        var keys = new { arguments.TurnId };
        if (await db.FindAsync<Said>(WordsSql, keys, cancel) is not { } said || PersonalWords.In(said.Text) is not { } words)
            return;
        var found = await proposals.AskAsync(said.OwnerId, arguments.ModelId, words, cancel);
        // The person may have turned it off, or made the conversation temporary, while the model was thinking.
        if (found.Count == 0 || await db.FindAsync<Said>(WordsSql, keys, cancel) is null)
            return;
        foreach (var fact in found)
            await book.AddAsync(said.OwnerId, new NewFact(fact.Text, fact.Kind, null, "proposed", said.ConversationId, said.MessageId), cancel);
    }

    sealed record Said(UserId OwnerId, MessageId MessageId, ConversationId ConversationId, string Text);
}

internal sealed class ProposeWhenAnswered(IJobs jobs) : IEventConsumer<TurnCompleted>
{
    public Task HandleAsync(TurnCompleted message, EventContext context, Tx transaction, CancellationToken cancel)
        => message.Status != "completed" ? Task.CompletedTask : jobs.EnqueueAsync(
            transaction,
            new JobRequest<ProposeMemory.Arguments>(ProposeMemory.Kind, new(message.TurnId, message.ModelId), UniqueKey: message.TurnId.Value.ToString()),
            cancel);
}
