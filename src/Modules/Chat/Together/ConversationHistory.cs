using System.Text.Json.Nodes;
using JeanTrail.Chat.Trees;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Together;

/// <summary>
/// What was changed about a conversation, by whom, and the way back. Triggers write it, so no change is forgotten. What was said is not in it:
/// every version of a message stays in the tree.
/// </summary>
internal static class ConversationHistory
{
    /// <param name="Kind"><c>title settings pruned joined role left</c>.</param>
    /// <param name="By">Null for Jean, or somebody who is gone.</param>
    /// <param name="Before">What it was, by kind: <c>title</c>; <c>instructions modelId parameters</c>; <c>userId role</c>.</param>
    /// <param name="Whom">The name of the person a change of people is about.</param>
    /// <param name="CanRestore">Whether it can be brought back.</param>
    public sealed record Change(Guid Id, string Kind, UserId? By, string? ByName, DateTimeOffset At, JsonNode? Before, JsonNode? After, string? Whom, bool CanRestore);

    const int Most = 200;

    const string OfConversation = """
        select h.change_id as id, h.kind, h.by_id as "by", h.at, h.before::text as before, h.after::text as after
        from chat.change h join chat.conversation c on c.conversation_id = h.conversation_id where h.conversation_id = @Id
        """;

    const string ListSql = $"{OfConversation} and {ChatAccess.View} order by h.place desc limit @Most";
    const string FindSql = $"{OfConversation} and {ChatAccess.Edit} and h.change_id = @Change";

    const string TitleSql = $"update chat.conversation c set title = @Before::jsonb ->> 'title', title_source = 'manual' where c.conversation_id = @Id and {ChatAccess.Edit}";

    const string SettingsSql = $"""
        update chat.conversation c set instructions = @Before::jsonb ->> 'instructions', model_id = @Before::jsonb ->> 'modelId', parameters = @Before::jsonb -> 'parameters'
        where c.conversation_id = @Id and {ChatAccess.Edit}
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/conversations/{id:guid}/history", ListAsync)
            .WithName("Chat_ListHistory").WithSummary("What was changed about a conversation, newest first")
            .WithExample(response: Page.Whole<Change>(
            [
                new(new Guid("5c3e0a52-9a0b-4b52-8f0e-2f8a2f1c7d44"), "title", People.Example.UserId, People.Example.Name, ExampleTalk.AnsweredAt, new JsonObject { ["title"] = "Riga" }, new JsonObject { ["title"] = ExampleTalk.Title }, null, CanRestore: true),
            ]));
        routes.MapPost("/conversations/{id:guid}/history/{changeId:guid}/restore", RestoreAsync)
            .WithName("Chat_RestoreChange").WithSummary("Bring back what was before a change: a title, settings, a pruned branch");
    }

    static async Task<Results<Ok<Page<Change>>, ProblemHttpResult>> ListAsync(Guid id, Caller caller, Db db, IParties parties, CancellationToken cancel)
    {
        if (await ChatAccess.RoleAsync(db, id, caller.UserId, cancel) is not { } role)
            return ChatErrors.ConversationNotFound.ToProblem();
        var rows = await db.QueryAsync<Row>(ListSql, new { Id = id, Person = caller.UserId, Most }, cancel);
        var names = await People.NamesAsync(parties, rows.SelectMany(row => row.People), cancel);
        return TypedResults.Ok(Page.Whole<Change>([.. rows.Select(row => row.ToChange(names, role >= ChatRole.Edit))]));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RestoreAsync(
        Guid id, Guid changeId, Caller caller, Db db, PruneBranch.Pruning pruning, ConversationNews news, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(FindSql, new { Id = id, Change = changeId, Person = caller.UserId }, cancel) is not { } row)
            return (await ChatAccess.RefusalAsync(db, id, caller.UserId, ChatRole.Edit, cancel, ChatErrors.ChangeNotFound)).ToProblem();
        var refused = row.Kind switch
        {
            "title" => await SetAsync(TitleSql),
            "settings" => await SetAsync(SettingsSql),
            "pruned" => await pruning.GraftAsync(id, row.Pruned, caller.UserId, cancel),
            _ => ChatErrors.NothingToRestore,
        };
        if (refused is not null)
            return refused.ToProblem();
        await news.ChangedAsync(new ConversationId(id), cancel);
        return TypedResults.NoContent();

        async Task<Error?> SetAsync(string sql)
            => await db.ExecuteAsync(sql, new { Id = id, row.Before, Person = caller.UserId }, cancel) == 1 ? null : ChatErrors.ChangeNotFound;
    }

    sealed record Row(Guid Id, string Kind, UserId? By, DateTimeOffset At, string? Before, string? After)
    {
        public IEnumerable<UserId> People => new[] { By, Whom }.OfType<UserId>();

        public Guid Pruned => JsonNode.Parse(After!)!["conversationId"]!.GetValue<Guid>();

        UserId? Whom => JsonNode.Parse(After ?? Before ?? "{}")!["userId"] is { } id ? new UserId(id.GetValue<Guid>()) : null;

        public Change ToChange(IReadOnlyDictionary<Guid, string> names, bool mayRestore) => new(
            Id, Kind, By, Name(names, By), At, Json(Before), Json(After), Name(names, Whom), mayRestore && Kind is ("title" or "settings" or "pruned"));

        static string? Name(IReadOnlyDictionary<Guid, string> names, UserId? person) => person is { } known ? names.GetValueOrDefault(known.Value) : null;

        static JsonNode? Json(string? text) => text is null ? null : JsonNode.Parse(text);
    }
}
