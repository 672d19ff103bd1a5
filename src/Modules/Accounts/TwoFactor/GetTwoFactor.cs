using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.TwoFactor;

internal static class GetTwoFactor
{
    /// <param name="On">Whether signing in asks for a code.</param>
    /// <param name="Since">When it was turned on, or null.</param>
    /// <param name="RecoveryCodesLeft">How many were not used yet.</param>
    public sealed record Response(bool On, DateTimeOffset? Since, int RecoveryCodesLeft);

    const string Sql = """
        select true as on, t.confirmed_at as since,
               (select count(*) from accounts.recovery_code r where r.user_id = t.user_id and r.used_at is null)::int as recovery_codes_left
        from accounts.totp t where t.user_id = @User and t.confirmed_at is not null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/two-factor", Handle)
            .WithName("Accounts_GetTwoFactor")
            .WithSummary("Tells whether signing in asks the person for a second factor.")
            .WithExample(response: new Response(On: true, new(2026, 3, 9, 17, 20, 11, TimeSpan.Zero), RecoveryCodesLeft: 9))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Response>> Handle(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(await db.FindAsync<Response>(Sql, new { User = caller.UserId }, cancel) ?? new Response(On: false, Since: null, RecoveryCodesLeft: 0));
}
