using JeanTrail.Accounts.Plans;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

/// <summary>
/// What the members of a team use, from the day they joined. All of it, wherever they used it: calls do not belong to a team.
/// </summary>
internal static class TeamAnalytics
{
    /// <param name="From">UTC: thirty days, today among them.</param>
    /// <param name="Members">Those who used most first.</param>
    public sealed record Response(DateTimeOffset From, IReadOnlyList<Member> Members);

    /// <param name="Requests">Turns of conversations.</param>
    /// <param name="Calls">To models.</param>
    /// <param name="CostMicros">Millionths of the currency of the price list.</param>
    public sealed record Member(
        UserId Id, string DisplayName, string Role, long Requests, long Calls, long InputTokens, long OutputTokens, long CostMicros);

    const string Sql = """
        select u.user_id as id, u.display_name, m.role, m.joined_at,
            coalesce((select sum(q.used) from accounts.quota_use q
                      where q.user_id = u.user_id and q.meter = 'requests' and q.time_window = 'day' and q.started_at >= greatest(@From::timestamptz, date_trunc('day', m.joined_at, 'UTC'))), 0)::bigint as requests
        from accounts.team_member m join accounts.user u on u.user_id = m.user_id
        where m.team_id = @Team
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/teams/{id:guid}/analytics", Handle)
            .WithName("Accounts_GetTeamAnalytics")
            .WithSummary("What each member used in the last thirty days; for the team's admins and owner.")
            .WithExample(response: new Response(
                new(2026, 2, 13, 0, 0, 0, TimeSpan.Zero),
                [new(GetSession.Example.User.Id, GetSession.Example.User.DisplayName, TeamRoles.Owner, 402, 440, 240_118, 80_305, 70_214)]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, IModelUsage models, TimeProvider clock, CancellationToken cancel)
    {
        if (await TeamRoles.RoleAsync(db, id, caller.UserId.Value, cancel) is not { } role)
            return KernelErrors.NotFound.ToProblem();
        if (role < TeamRole.Admin)
            return AccountsErrors.TeamRoleTooLow.ToProblem();
        var from = Meters.Day(clock.GetUtcNow()).AddDays(1 - UsageReport.Days);
        var members = await db.QueryAsync<Row>(Sql, new { Team = id, From = from }, cancel);
        var since = members.ToDictionary(member => member.Id, member => Meters.Day(member.JoinedAt) is var joined && joined > from ? joined : from);
        var called = (await models.TotalsAsync(since, cancel)).ToDictionary(total => total.UserId);
        return TypedResults.Ok(new Response(from, [.. members.Select(MemberOf).OrderByDescending(member => member.Requests + member.Calls).ThenBy(member => member.Id.Value)]));

        Member MemberOf(Row row)
        {
            var total = called.GetValueOrDefault(row.Id) ?? new ModelUsageTotal(row.Id, 0, 0, 0, 0);
            return new Member(row.Id, row.DisplayName, row.Role, row.Requests, total.Calls, total.InputTokens, total.OutputTokens, total.CostMicros);
        }
    }

    sealed record Row(UserId Id, string DisplayName, string Role, DateTimeOffset JoinedAt, long Requests);
}
