using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Together;

/// <summary>Who is in a conversation, what they may do there, and how they leave.</summary>
internal static class People
{
    /// <param name="Role"><c>owner admin edit view</c>; each may what the one after it may.</param>
    /// <param name="JoinedAt">Of the owner, when they began it.</param>
    /// <param name="ByTeam">Whether they are in it with the team of its project: not one by one let out.</param>
    public sealed record Person(UserId UserId, string Name, string Role, DateTimeOffset JoinedAt, bool ByTeam = false);

    /// <param name="Role">Of whoever asks.</param>
    /// <param name="Topic">What to listen to for those who are here, and for what they write; it changes when somebody leaves.</param>
    /// <param name="Items">The owner first, then in the order they came.</param>
    public sealed record Response(UserId You, string Role, string Topic, IReadOnlyList<Person> Items);

    public sealed record RoleRequest([property: Required, RegularExpression("^(view|edit|admin)$")] string Role);

    const string FindSql = $"""
        select c.live_version, chat.role_of(c, @Person) as role from chat.conversation c where c.conversation_id = @Id and {ChatAccess.View}
        """;

    const string ListSql = $"""
        select c.owner_id as user_id, 'owner' as role, c.created_at as joined_at, false as by_team, 0 as place from chat.conversation c where c.conversation_id = @Id and {ChatAccess.View}
        union all
        select o.user_id, o.role::text, o.joined_at, o.by_team, 1 from chat.conversation c cross join lateral chat.others(c) o
        where c.conversation_id = @Id and {ChatAccess.View}
        order by place, joined_at, user_id
        """;

    const string RoleSql = $"""
        update chat.member m set role = @Role::chat.role from chat.conversation c
        where m.conversation_id = @Id and m.user_id = @User and c.conversation_id = m.conversation_id and {ChatAccess.Admin}
        """;

    const string LeaveSql = $"""
        delete from chat.member m using chat.conversation c
        where m.conversation_id = @Id and m.user_id = @User and c.conversation_id = m.conversation_id and (m.user_id = @Person or {ChatAccess.Admin})
        """;

    const string ByTeamSql = $"select 1 from chat.conversation c cross join lateral chat.others(c) o where c.conversation_id = @Id and o.user_id = @User and {ChatAccess.View}";

    internal static Person Example { get; } = new(new UserId(new Guid("019cebae-11aa-7c3d-9d10-6e1fb2a4c801")), "Mia", "edit", ExampleTalk.AnsweredAt);

    internal static void Map(RouteGroupBuilder routes)
    {
        var people = routes.MapGroup("/conversations/{id:guid}/people");
        people.MapGet("", ListAsync)
            .WithName("Chat_ListPeople").WithSummary("Who is in a conversation, and what each may do")
            .WithExample(response: new Response(Example.UserId, "edit", LiveTopic.Of(ExampleTalk.Conversation.Value, 2), [Example with { Role = "owner", Name = "Bruno" }, Example]));
        people.MapPut("/{userId:guid}", SetRoleAsync)
            .WithName("Chat_SetPersonRole").WithSummary("Change what somebody may do in a conversation").WithExample(new RoleRequest("view"));
        people.MapDelete("/{userId:guid}", RemoveAsync)
            .WithName("Chat_RemovePerson").WithSummary("Let somebody out of a conversation, or leave it; at once, everywhere");
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> ListAsync(Guid id, Caller caller, Db db, IParties parties, CancellationToken cancel)
    {
        var keys = new { Id = id, Person = caller.UserId };
        if (await db.FindAsync<Found>(FindSql, keys, cancel) is not { } found)
            return ChatErrors.ConversationNotFound.ToProblem();
        var rows = await db.QueryAsync<Row>(ListSql, keys, cancel);
        var names = await NamesAsync(parties, rows.Select(row => row.UserId), cancel);
        return TypedResults.Ok(new Response(
            caller.UserId, found.Role, LiveTopic.Of(id, found.LiveVersion),
            [.. rows.Select(row => new Person(row.UserId, names.GetValueOrDefault(row.UserId.Value, ""), row.Role, row.JoinedAt, row.ByTeam))]));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> SetRoleAsync(
        Guid id, Guid userId, RoleRequest request, Caller caller, Db db, ConversationNews news, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(RoleSql, new { Id = id, User = userId, request.Role, Person = caller.UserId }, cancel) == 0)
            return await RefusalAsync(db, id, userId, caller, cancel);
        await news.ChangedAsync(new ConversationId(id), cancel);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Guid id, Guid userId, Caller caller, Db db, ConversationNews news, OpenReaders readers, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(LeaveSql, new { Id = id, User = userId, Person = caller.UserId }, cancel) == 0)
            return await RefusalAsync(db, id, userId, caller, cancel);
        await readers.AskAgainAsync(id, cancel);
        await news.ChangedAsync(new ConversationId(id), cancel, alsoTo: new UserId(userId));
        return TypedResults.NoContent();
    }

    static async Task<ProblemHttpResult> RefusalAsync(Db db, Guid id, Guid userId, Caller caller, CancellationToken cancel)
    {
        var byTeam = await db.FindAsync<int?>(ByTeamSql, new { Id = id, User = userId, Person = caller.UserId }, cancel) is not null;
        return (await ChatAccess.RefusalAsync(db, id, caller.UserId, ChatRole.Admin, cancel, byTeam ? ChatErrors.PersonOfTeam : ChatErrors.PersonNotFound)).ToProblem();
    }

    /// <summary>What the people of a conversation are called. Whoever asks must be one of them.</summary>
    internal static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IParties parties, IEnumerable<UserId> people, CancellationToken cancel)
    {
        // Accounts hides people from each other; those who talk with each other know each other's names.
        using (RowScope.Server())
            return await parties.NamesAsync(PartyKind.Person, [.. people.Select(person => person.Value).Distinct()], cancel);
    }

    sealed record Found(int LiveVersion, string Role);

    sealed record Row(UserId UserId, string Role, DateTimeOffset JoinedAt, bool ByTeam, int Place);
}
