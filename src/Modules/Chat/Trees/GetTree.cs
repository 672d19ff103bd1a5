using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Trees;

/// <summary>The whole conversation as a picture of it needs it: forks and what lies between them, not each message.</summary>
internal static class GetTree
{
    /// <summary>Messages that follow each other without a fork.</summary>
    /// <param name="ParentId">The last message of the segment that this one follows; null at a beginning.</param>
    /// <param name="Count">How many messages it holds.</param>
    /// <param name="Opening">The first words of its first message.</param>
    /// <param name="Ending">The first words of its last message; empty when that is the first.</param>
    /// <param name="ModelIds">The models that answered in it, in the order they first did.</param>
    /// <param name="IsShown">Whether its first message is part of the branch that is shown.</param>
    internal sealed record Segment(
        MessageId FirstId, MessageId LastId, MessageId? ParentId, int Count, string Role, string Opening, string Ending,
        IReadOnlyList<string> ModelIds, DateTimeOffset CreatedAt, DateTimeOffset LastAt, bool IsShown);

    /// <param name="Segments">In the order they were begun; each after the one it follows.</param>
    internal sealed record Response(IReadOnlyList<Segment> Segments, MessageId? HeadMessageId);

    const string ConversationSql = "select c.head_message_id from chat.conversation c where c.conversation_id = @Id and " + ChatAccess.View;

    const string MessagesSql = """
        select m.message_id as id, m.parent_id, m.role, m.model_id, m.created_at
        from chat.message m where m.conversation_id = @Id order by m.created_at, m.message_id
        """;

    // Ids of one conversation that was found to be one that the caller may read.
    const string WordsSql = "select message_id as id, left(text, 160) as text from chat.message where conversation_id = @Id and message_id = any(@Ids)";

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/tree", Handle)
        .WithName("Chat_GetTree").WithSummary("The forks of a conversation and what lies between them")
        .WithExample(response: new Response(
            [
                new(ExampleTalk.QuestionId, ExampleTalk.AnswerId, null, 2, "user", ExampleTalk.Question, ExampleTalk.Answer, [ExampleTalk.ModelId],
                    ExampleTalk.AskedAt, ExampleTalk.AskedAt, IsShown: true),
            ],
            ExampleTalk.AnswerId));

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, CancellationToken cancel)
    {
        if (await db.FindAsync<Conversation>(ConversationSql, new { Id = id, Person = caller.UserId }, cancel) is not { } conversation)
            return ChatErrors.ConversationNotFound.ToProblem();
        var tree = new MessageTree(await db.QueryAsync<TreeMessage>(MessagesSql, new { Id = id }, cancel), conversation.HeadMessageId);
        var ids = tree.Segments.SelectMany(run => new[] { run[0].Id.Value, run[^1].Id.Value }).Distinct().ToArray();
        var words = (await db.QueryAsync<Words>(WordsSql, new { Id = id, Ids = ids }, cancel)).ToDictionary(row => row.Id, row => Line(row.Text));
        return TypedResults.Ok(new Response([.. tree.Segments.Select(run => Describe(run, words, tree))], conversation.HeadMessageId));
    }

    static Segment Describe(IReadOnlyList<TreeMessage> run, Dictionary<MessageId, string> words, MessageTree tree)
    {
        var (first, last) = (run[0], run[^1]);
        return new Segment(
            first.Id, last.Id, first.ParentId, run.Count, first.Role, words.GetValueOrDefault(first.Id, ""), run.Count > 1 ? words.GetValueOrDefault(last.Id, "") : "",
            [.. run.Select(message => message.ModelId).OfType<string>().Distinct(StringComparer.Ordinal)], first.CreatedAt, last.CreatedAt, tree.IsShown(first.Id));
    }

    static string Line(string words) => string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    sealed record Conversation(MessageId? HeadMessageId);

    sealed record Words(MessageId Id, string Text);
}
