using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Limits;

internal static class ListLimits
{
    /// <summary>A limit and how much of it is used in its present window, as of the last second.</summary>
    /// <param name="SubjectKind"><c>key user team plan route all</c>.</param>
    /// <param name="Subject">The id of a key, user or team; a plan; a pattern of routes; empty for all. All its calls count together.</param>
    /// <param name="Meter"><c>requests tokens streams cost</c>; streams are calls at the same time.</param>
    /// <param name="Window"><c>minute hour day month</c> by the calendar in UTC, or <c>none</c>: without end.</param>
    /// <param name="Amount">In the unit of the meter; cost in millionths of the currency of the price list.</param>
    /// <param name="Action"><c>stop</c> refuses calls beyond it, <c>warn</c> only tells.</param>
    /// <param name="Held">Set aside for calls that run or are about to; of streams, all that run.</param>
    /// <param name="Version">To be given with a change.</param>
    /// <param name="SubjectName">Of a person or a team; null for the others, and for who is there no more.</param>
    public sealed record Item(
        Guid Id, string SubjectKind, string Subject, string Meter, string Window, long Amount, string Action, DateTimeOffset WindowStart, long Spent, long Held,
        DateTimeOffset CreatedAt, int Version, string? SubjectName = null);

    internal static readonly Item Example = new(
        new Guid("019cadaa-1f60-7b92-8c35-d04e7a91b6f8"), "key", Keys.ListKeys.Example.Id.ToString(), "cost", "month", 5_000_000, "stop",
        new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), Spent: 1_284_310, Held: 2_400, new(2026, 3, 2, 8, 40, 0, TimeSpan.Zero), Version: 1);

    const string Sql = """
        select l.limit_id as id, l.subject_kind, l.subject, l.meter, l.time_window as "window", l.amount, l.action,
            w.start as window_start, coalesce(a.spent, 0) as spent, coalesce(a.held, 0) as held, l.created_at, l.version, null::text as subject_name
        from gateway.limit l
        join (values ('minute', @Minute::timestamptz), ('hour', @Hour), ('day', @Day), ('month', @Month), ('none', @None)) as w(name, start) on w.name = l.time_window
        left join gateway.allowance a on a.limit_id = l.limit_id and a.window_start = w.start
        where @Only::uuid is null or l.limit_id = @Only
        order by l.created_at, l.limit_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/limits", Handle)
            .WithName("Gateway_ListLimits")
            .WithSummary("Lists the limits and budgets with what is used of them.")
            .WithExample(response: Page.Whole<Item>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Item>>> Handle(Reader reader, CancellationToken cancel) => TypedResults.Ok(Page.Whole(await reader.ReadAsync(null, cancel)));

    internal sealed class Reader(Db db, IParties parties, TimeProvider clock)
    {
        internal async Task<IReadOnlyList<Item>> ReadAsync(Guid? only, CancellationToken cancel)
        {
            var now = clock.GetUtcNow();
            var args = new
            {
                Minute = LimitWindow.Minute.StartAt(now),
                Hour = LimitWindow.Hour.StartAt(now),
                Day = LimitWindow.Day.StartAt(now),
                Month = LimitWindow.Month.StartAt(now),
                None = LimitWindow.None.StartAt(now),
                Only = only,
            };
            var items = await db.QueryAsync<Item>(Sql, args, cancel);
            var people = await NamesAsync(items, "user", PartyKind.Person, cancel);
            var teams = await NamesAsync(items, "team", PartyKind.Team, cancel);
            return [.. items.Select(item => item with { SubjectName = NameOf(item, people, teams) })];
        }

        async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyList<Item> items, string kind, PartyKind party, CancellationToken cancel)
            => await parties.NamesAsync(party, items.Where(item => item.SubjectKind == kind).Select(item => Guid.Parse(item.Subject)).ToHashSet(), cancel);

        static string? NameOf(Item item, IReadOnlyDictionary<Guid, string> people, IReadOnlyDictionary<Guid, string> teams) => item.SubjectKind switch
        {
            "user" => people.GetValueOrDefault(Guid.Parse(item.Subject)),
            "team" => teams.GetValueOrDefault(Guid.Parse(item.Subject)),
            _ => null,
        };
    }
}
