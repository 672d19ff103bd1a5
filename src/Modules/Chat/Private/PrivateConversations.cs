using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Private;

/// <summary>Private conversations of a person: begun, listed, named, deleted. Titles are sealed boxes; nothing is found, shared or exported here.</summary>
internal static class PrivateConversations
{
    /// <param name="Title">A sealed box as base64; null until something was said.</param>
    public sealed record Conversation(
        ConversationId Id, string? Title, string? ModelId, MessageId? HeadMessageId, TurnId? RunningTurnId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    /// <param name="Id">Made by the client: asking again makes no second one.</param>
    public sealed record Request([property: Required] Guid Id);

    /// <param name="Title">Sealed by the browser for <c>title:{id}</c>.</param>
    public sealed record TitleRequest([property: Required, Base64String, StringLength(4_000, MinimumLength = 112)] string Title);

    public sealed record ModelRequest([property: StringLength(200)] string? ModelId);

    public sealed record HeadRequest(Guid MessageId);

    const string Columns = """
        c.conversation_id as id, translate(encode(c.title, 'base64'), e'\n', '') as title, c.model_id, c.head_message_id,
            (select t.turn_id from chat.private_turn t where t.conversation_id = c.conversation_id and t.status = 'running') as running_turn_id,
            c.created_at, c.updated_at
        """;

    const string ListSql = $"""
        select {Columns} from chat.private_conversation c
        where c.owner_id = @Owner and (@Before::timestamptz is null or (c.updated_at, c.conversation_id) < (@Before, @BeforeId))
        order by c.updated_at desc, c.conversation_id desc limit @Take
        """;

    const string FindSql = $"select {Columns} from chat.private_conversation c where c.conversation_id = @Id and c.owner_id = @Owner";

    const string AddSql = """
        insert into chat.private_conversation (conversation_id, owner_id, created_at, updated_at)
        select @Id, k.owner_id, @Now, @Now from chat.private_key k where k.owner_id = @Owner
        on conflict (conversation_id) do nothing
        """;

    const string RenameSql = "update chat.private_conversation set title = @Title where conversation_id = @Id and owner_id = @Owner";
    const string ModelSql = "update chat.private_conversation set model_id = @ModelId where conversation_id = @Id and owner_id = @Owner";
    const string DeleteSql = "delete from chat.private_conversation where conversation_id = @Id and owner_id = @Owner";

    // Down to the end that was written last, as in other conversations.
    const string HeadSql = """
        with recursive below as (
            select m.message_id, m.created_at
            from chat.private_message m join chat.private_conversation c on c.conversation_id = m.conversation_id
            where m.message_id = @MessageId and c.conversation_id = @Id and c.owner_id = @Owner
            union all
            select k.message_id, k.created_at from below b join chat.private_message k on k.parent_id = b.message_id)
        update chat.private_conversation c set head_message_id = leaf.message_id
        from (
            select b.message_id from below b where not exists (select from chat.private_message k where k.parent_id = b.message_id)
            order by b.created_at desc, b.message_id desc limit 1) leaf
        where c.conversation_id = @Id and c.owner_id = @Owner
            and not exists (select from chat.private_turn t where t.conversation_id = c.conversation_id and t.status = 'running')
        """;

    internal const string ExampleBox =
        "AQRrF9Hy4SxCR/i85uVjpEDydwN9gS3rM6D0oTlF2JjClk/jQuL+Gn+bjufrSnwPnhYrzjNXazFezsu2QGg3v1H1QW4gYWZ0ZXJub29uIGF0IHRoZSBoYXJib3VyLCBzZWFsZWQgYnkgaXRzIHJlYWRlcg==";

    static readonly Conversation Example = new(
        ExampleTalk.Conversation, ExampleBox, ExampleTalk.ModelId, ExampleTalk.AnswerId, null, ExampleTalk.BegunAt, ExampleTalk.AnsweredAt);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/private/conversations", ListAsync)
            .WithName("Chat_ListPrivateConversations").WithSummary("One's private conversations, the last used first; titles are sealed")
            .WithExample(response: Page.Whole<Conversation>([Example]));
        routes.MapPost("/private/conversations", AddAsync)
            .WithName("Chat_AddPrivateConversation").WithSummary("Begin a private conversation").WithExample(new Request(ExampleTalk.Conversation.Value), Example);
        var one = routes.MapGroup("/private/conversations/{id:guid}");
        one.MapGet("", GetAsync).WithName("Chat_GetPrivateConversation").WithSummary("One private conversation").WithExample(response: Example);
        one.MapPut("/title", (Guid id, TitleRequest request, Caller caller, PrivateNews news, CancellationToken cancel)
                => news.ApplyAsync(RenameSql, id, caller, new { Id = id, Owner = caller.UserId, Title = Convert.FromBase64String(request.Title) }, cancel))
            .WithName("Chat_RenamePrivateConversation").WithSummary("Give it another title, sealed by the browser").WithExample(new TitleRequest(ExampleBox));
        one.MapPut("/model", (Guid id, ModelRequest request, Caller caller, PrivateNews news, CancellationToken cancel)
                => news.ApplyAsync(ModelSql, id, caller, new { Id = id, Owner = caller.UserId, request.ModelId }, cancel))
            .WithName("Chat_ChoosePrivateModel").WithSummary("Choose its model; null follows the default").WithExample(new ModelRequest(ExampleTalk.ModelId));
        one.MapPut("/head", (Guid id, HeadRequest request, Caller caller, PrivateNews news, CancellationToken cancel)
                => news.ApplyAsync(HeadSql, id, caller, new { Id = id, Owner = caller.UserId, request.MessageId }, cancel))
            .WithName("Chat_SwitchPrivateBranch").WithSummary("Show the branch of a message").WithExample(new HeadRequest(ExampleTalk.AnswerId.Value));
        one.MapDelete("", (Guid id, Caller caller, PrivateNews news, CancellationToken cancel)
                => news.ApplyAsync(DeleteSql, id, caller, new { Id = id, Owner = caller.UserId }, cancel))
            .WithName("Chat_DeletePrivateConversation").WithSummary("Delete it at once and for good");
    }

    static async Task<Ok<Page<Conversation>>> ListAsync(Caller caller, Db db, PageRequest page, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Conversation>(ListSql, new { Owner = caller.UserId, Before = page.At, BeforeId = page.Id, page.Take }, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.UpdatedAt, row.Id.Value)));
    }

    static async Task<Results<Ok<Conversation>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<Conversation>(FindSql, new { Id = id, Owner = caller.UserId }, cancel) is { } found
            ? TypedResults.Ok(found)
            : ChatErrors.ConversationNotFound.ToProblem();

    static async Task<Results<Created<Conversation>, ProblemHttpResult>> AddAsync(
        Request request, Caller caller, Db db, PrivateNews news, TimeProvider clock, CancellationToken cancel)
    {
        var row = new { request.Id, Owner = caller.UserId, Now = clock.GetUtcNow() };
        if (await db.ExecuteAsync(AddSql, row, cancel) == 1)
            await news.ChangedAsync(caller.UserId, new ConversationId(request.Id), cancel);
        // None was added: it is there already, it is somebody else's, or there is no key to seal to.
        return await db.FindAsync<Conversation>(FindSql, row, cancel) is { } made
            ? TypedResults.Created($"/api/chat/private/conversations/{request.Id}", made)
            : ChatErrors.PrivateKeyMissing.ToProblem();
    }
}

/// <summary>Tells a person's windows that a private conversation is different now.</summary>
internal sealed class PrivateNews(Db db, IRealtime realtime)
{
    public Task ChangedAsync(UserId owner, ConversationId id, CancellationToken cancel)
        => realtime.PublishAsync($"user:{owner.Value}", "chat.private-changed", new { conversationId = id }, cancel);

    /// <summary>Applies one guarded change and tells of it.</summary>
    public async Task<Results<NoContent, ProblemHttpResult>> ApplyAsync(string sql, Guid id, Caller caller, object values, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(sql, values, cancel) == 0)
            return ChatErrors.ConversationNotFound.ToProblem();
        await ChangedAsync(caller.UserId, new ConversationId(id), cancel);
        return TypedResults.NoContent();
    }
}
