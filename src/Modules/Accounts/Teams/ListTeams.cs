using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

internal static class ListTeams
{
    /// <param name="Role">The caller's: <c>owner admin member</c>.</param>
    public sealed record Item(TeamId Id, string Name, string Role, int Members, int Workspaces, DateTimeOffset CreatedAt);

    internal static readonly Item Example = new(
        new TeamId(new Guid("019cebc4-7a10-7c42-8d3e-51b0f6a2c987")), "Harbour office", TeamRoles.Owner, 1, 0, new(2026, 3, 14, 9, 52, 3, TimeSpan.Zero));

    internal const string Columns = """
        t.team_id as id, t.name, m.role,
        (select count(*)::int from accounts.team_member o where o.team_id = t.team_id) as members,
        (select count(*)::int from accounts.team_workspace w where w.team_id = t.team_id) as workspaces,
        t.created_at
        """;

    const string Sql = $"""
        select {Columns} from accounts.team_member m join accounts.team t on t.team_id = m.team_id
        where m.user_id = @User order by lower(t.name), t.team_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/teams", Handle)
            .WithName("Accounts_ListTeams")
            .WithSummary("Lists the caller's teams, by name.")
            .WithExample(response: Page.Whole<Item>([Example]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Page<Item>>> Handle(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole(await db.QueryAsync<Item>(Sql, new { User = caller.UserId }, cancel)));
}
