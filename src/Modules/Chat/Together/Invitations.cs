using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Together;

/// <summary>Links that let one person each into a conversation, for seven days.</summary>
internal static class Invitations
{
    const int Most = 50;

    /// <summary>Owner not counted.</summary>
    const int MostPeople = 100;

    static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public sealed record Request([property: Required, RegularExpression("^(view|edit|admin)$")] string Role);

    public sealed record Invitation(InvitationId Id, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    /// <param name="Path">Where it is, from the root of this server. Shown this once.</param>
    public sealed record Made(Invitation Invitation, string Path);

    /// <param name="Token">The end of the path.</param>
    public sealed record TokenRequest([property: Required, StringLength(100)] string Token);

    /// <param name="From">Who invites.</param>
    /// <param name="IsMember">Whether whoever asks is in the conversation already.</param>
    public sealed record Offer(ConversationId ConversationId, string Title, string From, string Role, bool IsMember);

    public sealed record Joined(ConversationId ConversationId);

    const string InsertSql = $"""
        insert into chat.invitation (invitation_id, conversation_id, invited_by, role, token_hash, created_at, expires_at)
        select @Invitation, c.conversation_id, @Person, @Role::chat.role, @Hash, @Now, @ExpiresAt from chat.conversation c
        where c.conversation_id = @Id and {ChatAccess.Admin}
            and (select count(*) from chat.invitation i where i.conversation_id = c.conversation_id and i.expires_at > @Now) < @Most
        """;

    const string ListSql = $"""
        select i.invitation_id as id, i.role::text as role, i.created_at, i.expires_at
        from chat.invitation i join chat.conversation c on c.conversation_id = i.conversation_id
        where i.conversation_id = @Id and i.expires_at > @Now and {ChatAccess.Admin} order by i.created_at, i.invitation_id
        """;

    const string RevokeSql = $"""
        delete from chat.invitation i using chat.conversation c
        where i.invitation_id = @Invitation and i.conversation_id = @Id and c.conversation_id = i.conversation_id and {ChatAccess.Admin}
        """;

    // Whoever invited must still be allowed to.
    const string FindSql = """
        select i.conversation_id, c.title, i.invited_by, i.role::text as role, i.expires_at, chat.role_of(c, @Person) is not null as is_member,
            (select count(*) from chat.member m where m.conversation_id = i.conversation_id)::int as people
        from chat.invitation i join chat.conversation c on c.conversation_id = i.conversation_id
        where i.token_hash = @Hash and i.expires_at > @Now and chat.may(c, i.invited_by, 'admin') and c.deleted_at is null
        """;

    const string TakeSql = "delete from chat.invitation where token_hash = @Hash and expires_at > @Now";

    const string JoinSql = """
        insert into chat.member (conversation_id, user_id, role, invited_by, joined_at)
        values (@Conversation, @Person, @Role::chat.role, @InvitedBy, @Now) on conflict do nothing
        """;

    const string ActorSql = "select set_config('jeantrail.actor', @Person::text, true)";

    static Invitation Example { get; } = new(
        new InvitationId(new Guid("019cebb2-0d5e-7a41-b7c8-92f3e1d04a65")), "edit", ExampleTalk.AnsweredAt, ExampleTalk.AnsweredAt + Lifetime);

    internal static void Map(RouteGroupBuilder routes)
    {
        const string Token = "9Yk2f0c1m3D4s5q2W9d1XgSx8r7y3uTzJkQpVnBhLfY";
        var invitations = routes.MapGroup("/conversations/{id:guid}/invitations");
        invitations.MapPost("", CreateAsync)
            .WithName("Chat_CreateInvitation").WithSummary("Make a link that lets one person into a conversation").WithExample(new Request("edit"), new Made(Example, $"/join/{Token}"));
        invitations.MapGet("", ListAsync)
            .WithName("Chat_ListInvitations").WithSummary("The links of a conversation that nobody has used yet").WithExample(response: new[] { Example });
        invitations.MapDelete("/{invitationId:guid}", RevokeAsync)
            .WithName("Chat_RevokeInvitation").WithSummary("End an invitation");
        routes.MapPost("/invitations/look", LookAsync).ReachesOthers().RequireRateLimiting(RateLimits.Auth)
            .WithName("Chat_LookAtInvitation").WithSummary("What an invitation is for; it stays good")
            .WithExample(new TokenRequest(Token), new Offer(ExampleTalk.Conversation, ExampleTalk.Title, "Bruno", "edit", IsMember: false));
        routes.MapPost("/invitations/accept", AcceptAsync).ReachesOthers().RequireRateLimiting(RateLimits.Auth)
            .WithName("Chat_AcceptInvitation").WithSummary("Join the conversation that an invitation is for, once")
            .WithExample(new TokenRequest(Token), new Joined(ExampleTalk.Conversation));
    }

    static async Task<Results<Created<Made>, ProblemHttpResult>> CreateAsync(Guid id, Request request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var token = SecretHash.NewToken();
        var now = clock.GetUtcNow();
        var made = new Invitation(Ids.New<InvitationId>(clock), request.Role, now, now + Lifetime);
        var values = new
        {
            Id = id,
            Invitation = made.Id,
            Person = caller.UserId,
            made.Role,
            Hash = SecretHash.OfToken(token)!.Value.ToArray(),
            Now = now,
            made.ExpiresAt,
            Most,
        };
        if (await db.ExecuteAsync(InsertSql, values, cancel) == 1)
            return TypedResults.Created($"/api/chat/conversations/{id}/invitations/{made.Id.Value}", new Made(made, $"/join/{token}"));
        return (await ChatAccess.RefusalAsync(db, id, caller.UserId, ChatRole.Admin, cancel, ChatErrors.TooManyInvitations)).ToProblem();
    }

    static async Task<Results<Ok<IReadOnlyList<Invitation>>, ProblemHttpResult>> ListAsync(Guid id, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
        => await ChatAccess.RoleAsync(db, id, caller.UserId, cancel) is >= ChatRole.Admin
            ? TypedResults.Ok(await db.QueryAsync<Invitation>(ListSql, new { Id = id, Person = caller.UserId, Now = clock.GetUtcNow() }, cancel))
            : (await ChatAccess.RefusalAsync(db, id, caller.UserId, ChatRole.Admin, cancel)).ToProblem();

    static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, Guid invitationId, Caller caller, Db db, CancellationToken cancel)
        => await db.ExecuteAsync(RevokeSql, new { Id = id, Invitation = invitationId, Person = caller.UserId }, cancel) == 1
            ? TypedResults.NoContent()
            : (await ChatAccess.RefusalAsync(db, id, caller.UserId, ChatRole.Admin, cancel, ChatErrors.InvitationNotFound)).ToProblem();

    static async Task<Results<Ok<Offer>, ProblemHttpResult>> LookAsync(
        TokenRequest request, Caller caller, Db db, IParties parties, TimeProvider clock, CancellationToken cancel)
    {
        if (await FindAsync(db, request, caller, clock, cancel) is not { } found)
            return ChatErrors.InvitationNotFound.ToProblem();
        var names = await People.NamesAsync(parties, [found.InvitedBy], cancel);
        return TypedResults.Ok(new Offer(found.ConversationId, found.Title, names.GetValueOrDefault(found.InvitedBy.Value, ""), found.Role, found.IsMember));
    }

    static async Task<Results<Ok<Joined>, ProblemHttpResult>> AcceptAsync(
        TokenRequest request, Caller caller, Db db, ConversationNews news, TimeProvider clock, CancellationToken cancel)
    {
        var joined = await db.InTransactionAsync<Result<ConversationId>>(async tx =>
        {
            if (await FindAsync(tx, request, caller, clock, cancel) is not { } found)
                return ChatErrors.InvitationNotFound;
            // Who is in it already stays what they are, and the link stays good for somebody else.
            if (found.IsMember)
                return found.ConversationId;
            if (found.People >= MostPeople)
                return ChatErrors.TooManyPeople;
            var row = new
            {
                Conversation = found.ConversationId,
                Person = caller.UserId,
                found.Role,
                found.InvitedBy,
                Hash = HashOf(request),
                Now = clock.GetUtcNow(),
            };
            await tx.ExecuteAsync(ActorSql, new { row.Person }, cancel);
            if (await tx.ExecuteAsync(TakeSql, row, cancel) == 0)
                return ChatErrors.InvitationNotFound;
            await tx.ExecuteAsync(JoinSql, row, cancel);
            return found.ConversationId;
        }, cancel);
        if (!joined.TryGet(out var conversation, out var refused))
            return refused.ToProblem();
        await news.ChangedAsync(conversation, cancel);
        return TypedResults.Ok(new Joined(conversation));
    }

    static async Task<Found?> FindAsync(IDbSession session, TokenRequest request, Caller caller, TimeProvider clock, CancellationToken cancel)
        => HashOf(request) is { } hash
            ? await session.FindAsync<Found>(FindSql, new { Hash = hash, Person = caller.UserId, Now = clock.GetUtcNow() }, cancel)
            : null;

    static byte[]? HashOf(TokenRequest request) => SecretHash.OfToken(request.Token)?.ToArray();

    sealed record Found(ConversationId ConversationId, string Title, UserId InvitedBy, string Role, DateTimeOffset ExpiresAt, bool IsMember, int People);
}
