using JeanTrail.Accounts.External;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Sessions;

internal static class GetStepUpWays
{
    /// <summary>With what the person can confirm that it is them.</summary>
    /// <param name="Password">They have one, and no second factor besides.</param>
    /// <param name="Code">They have a second factor: a code of its app, or a recovery code.</param>
    /// <param name="Passkey">They have a passkey.</param>
    /// <param name="Elsewhere">For people with none of these: where they sign in.</param>
    public sealed record Response(bool Password, bool Code, bool Passkey, IReadOnlyList<Provider> Elsewhere);

    /// <param name="Proves">Whether signing in there anew confirms it. Where it does not, only a password or a passkey helps.</param>
    public sealed record Provider(Guid Id, string Name, bool Proves);

    const string Sql = """
        select u.password_hash is not null and t.user_id is null as password, t.user_id is not null as code,
               exists (select from accounts.passkey p where p.user_id = u.user_id) as passkey
        from accounts.user u left join accounts.totp t on t.user_id = u.user_id and t.confirmed_at is not null
        where u.user_id = @User
        """;

    const string ElsewhereSql = """
        select p.provider_id as id, p.name, p.kind
        from accounts.external_identity i join accounts.identity_provider p on p.provider_id = i.provider_id
        where i.user_id = @User and p.enabled order by i.created_at, p.provider_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/step-up", Handle)
            .WithName("Accounts_GetStepUpWays")
            .WithSummary("Tells with what the person can confirm that it is still them.")
            .WithExample(response: new Response(Password: false, Code: true, Passkey: true, []))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Response>> Handle(Caller caller, Db db, CancellationToken cancel)
    {
        var user = new { User = caller.UserId };
        var own = await db.FindAsync<Own>(Sql, user, cancel) ?? new Own(Password: false, Code: false, Passkey: false);
        IReadOnlyList<Row> elsewhere = own is { Password: false, Code: false, Passkey: false } ? await db.QueryAsync<Row>(ElsewhereSql, user, cancel) : [];
        return TypedResults.Ok(new Response(
            own.Password, own.Code, own.Passkey, [.. elsewhere.Select(one => new Provider(one.Id, one.Name, ProviderKinds.Proves(one.Kind)))]));
    }

    sealed record Own(bool Password, bool Code, bool Passkey);

    sealed record Row(Guid Id, string Name, string Kind);
}
