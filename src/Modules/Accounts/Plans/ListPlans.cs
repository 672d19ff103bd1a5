using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Plans;

internal static class ListPlans
{
    /// <summary>What a role may use. Null is unlimited.</summary>
    /// <param name="Name"><c>owner admin premium free</c>: each role has the plan of its name.</param>
    /// <param name="RequestsPerDay">Turns of conversations, by the day of UTC.</param>
    /// <param name="BandwidthBytesPerMonth">Sound and files, by the month of UTC.</param>
    public sealed record Plan(string Name, IReadOnlyList<PlanFeatures.Feature> Features, long? RequestsPerDay, long? StorageBytes, long? BandwidthBytesPerMonth);

    internal static readonly Plan Example = new("free", PlanFeatures.Of("free"), 200, 1_073_741_824, 21_474_836_480);

    const string Sql = "select plan, meter, amount from accounts.plan_quota";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/plans", Handle)
            .WithName("Accounts_ListPlans")
            .WithSummary("What each plan holds, the largest first.")
            .WithExample(response: Page.Whole<Plan>([new("owner", PlanFeatures.Of("owner"), null, null, null), Example]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Page<Plan>>> Handle(Db db, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Row>(Sql, null, cancel);
        return TypedResults.Ok(Page.Whole<Plan>([.. UserRoles.All.Select(role => PlanOf(role, rows))]));
    }

    static Plan PlanOf(string name, IReadOnlyList<Row> rows)
    {
        return new Plan(name, PlanFeatures.Of(name), Amount("requests"), Amount("storage"), Amount("bandwidth"));

        long? Amount(string meter) => rows.FirstOrDefault(row => row.Plan == name && row.Meter == meter)?.Amount;
    }

    sealed record Row(string Plan, string Meter, long? Amount);
}
