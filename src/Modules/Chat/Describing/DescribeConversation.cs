using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Search;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Chat.Describing;

/// <summary>
/// Says what a conversation is about, after each answer: title, tags and category by a model, once, when one was asked anyway, and by its own
/// words before that. What the person named or tagged stays as it is.
/// </summary>
internal sealed class DescribeConversation(Db db, Stems stems, ModelLabels labels, ConversationNews news) : IJobHandler<DescribeConversation.Arguments>
{
    public sealed record Arguments(ConversationId ConversationId, string ModelId);

    public static string Kind => "chat.describe";

    const int TagsByWords = 3;

    const string ConversationSql = """
        select owner_id, described_by from chat.conversation where conversation_id = @Id and deleted_at is null
        """;

    // The newest of the shown branch: what was said first has had its say before.
    const string MessagesSql = """
        with recursive branch as (
            select m.message_id, m.parent_id, m.role, left(m.text, 4000) as text, 1 as step
            from chat.conversation c join chat.message m on m.message_id = c.head_message_id
            where c.conversation_id = @Id and c.owner_id = @Owner
            union all
            select p.message_id, p.parent_id, p.role, left(p.text, 4000), b.step + 1
            from branch b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p
            where b.step < 16)
        select role, text from branch where text <> '' order by step desc
        """;

    const string WriteSql = """
        update chat.conversation set
            title = case when title_source = 'auto' then coalesce(@Title, title) else title end,
            tags = case when tags_source = 'auto' then @Tags::text[] else tags end,
            category = coalesce(@Category, category), described_by = @By
        where conversation_id = @Id and owner_id = @Owner
        """;

    // Held, so that the words are made of the title and the tags that hold afterwards: an update reads only its own table anew after a wait.
    const string HoldSql = "select from chat.conversation where conversation_id = @Id for share";

    const string TermsSql = """
        update chat.conversation_words w set terms = @Terms::text[], words = chat.words_of(c.owner_id, c.title, c.tags, @Terms::text[])
        from chat.conversation c where c.conversation_id = w.conversation_id and w.conversation_id = @Id and w.owner_id = @Owner
        """;

    public async Task RunAsync(Arguments arguments, JobContext context, CancellationToken cancel)
    {
        if (await db.FindAsync<Described>(ConversationSql, new { Id = arguments.ConversationId }, cancel) is not { } conversation)
            return;
        var keys = new { Id = arguments.ConversationId, Owner = conversation.OwnerId };
        var messages = await db.QueryAsync<Line>(MessagesSql, keys, cancel);
        if (messages.Count == 0)
            return;

        var known = await stems.OfAsync(messages.SelectMany(line => Words.In(line.Text)).DistinctBy(word => word.Exact), cancel);
        var keywords = Keywords.Of(messages.Select(line => (line.Role == "user", line.Text)), known);
        if (conversation.DescribedBy != "model")
        {
            var (answered, label) = await labels.AskAsync(conversation.OwnerId, arguments.ModelId, messages, cancel);
            await db.ExecuteAsync(
                WriteSql,
                new
                {
                    keys.Id,
                    keys.Owner,
                    label?.Title,
                    Tags = label?.Tags ?? [.. keywords.Take(TagsByWords).Select(keyword => TagRules.Clean(keyword.Text)).Where(tag => tag.Length <= TagRules.LongestTag)],
                    Category = label?.Category ?? Categories.Of([.. messages.Select(line => line.Text)]),
                    By = answered ? "model" : "words",
                },
                cancel);
            await news.ChangedAsync(arguments.ConversationId, cancel);
        }

        await db.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync(HoldSql, keys, cancel);
            await tx.ExecuteAsync(TermsSql, new { keys.Id, keys.Owner, Terms = keywords.Select(keyword => keyword.Term).ToArray() }, cancel);
        }, cancel);
    }

    sealed record Described(UserId OwnerId, string? DescribedBy);
}

internal sealed record Line(string Role, string Text);

/// <summary>An answer is whole: what its conversation is about may be told now. The work waits in line as a job, because a model may take its time.</summary>
internal sealed class DescribeWhenAnswered(IJobs jobs) : IEventConsumer<TurnCompleted>
{
    public Task HandleAsync(TurnCompleted message, EventContext context, Tx transaction, CancellationToken cancel)
        => message.Status != "completed" ? Task.CompletedTask : jobs.EnqueueAsync(
            transaction,
            new JobRequest<DescribeConversation.Arguments>(
                DescribeConversation.Kind, new(message.ConversationId, message.ModelId), UniqueKey: message.ConversationId.Value.ToString()),
            cancel);
}
