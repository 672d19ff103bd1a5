using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.TwoFactor;

internal static class RenewRecoveryCodes
{
    /// <param name="RecoveryCodes">Each stands in for the app once. They are shown this once.</param>
    public sealed record Response(IReadOnlyList<string> RecoveryCodes);

    internal static readonly Response Example = new(
        ["8K3QD-0XW7M-V2T9H", "R5NAZ-61JPB-GE4YC", "M0S8F-D7KX3-9QWHV", "2TBGJ-YC5RA-Z1N6P", "XE4MD-W03H8-KVQ7S",
         "7PY2C-A9GTB-F5JRN", "QZ1E6-HXK4W-0MV8D", "S3J9T-NB7P2-YGAC5", "D8RFW-1Q6ZE-XKH4M", "V0GY7-C2SNJ-T9BPA"]);

    const string LockSql = "select user_id from accounts.totp where user_id = @User and confirmed_at is not null for update";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/two-factor/recovery-codes", Handle)
            .WithName("Accounts_RenewRecoveryCodes")
            .WithSummary("Makes ten new recovery codes; all earlier ones end.")
            .WithExample(response: Example)
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Caller caller, Db db, CancellationToken cancel)
    {
        var codes = await db.InTransactionAsync(
            async tx => await tx.FindAsync<Guid?>(LockSql, new { User = caller.UserId }, cancel) is null
                ? null
                : await SecondFactors.ReplaceRecoveryCodesAsync(tx, caller.UserId, cancel),
            cancel);
        return codes is null ? AccountsErrors.TwoFactorOff.ToProblem() : TypedResults.Ok(new Response(codes));
    }
}
