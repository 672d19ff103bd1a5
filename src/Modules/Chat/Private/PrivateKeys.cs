using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Private;

/// <summary>
/// A person's pair of keys. The browser makes it and wraps the private half; what comes here opens nothing by itself. Forgetting the pair
/// forgets all that was sealed to it.
/// </summary>
internal static class PrivateKeys
{
    const int LeastRounds = 600_000;
    const int MostRounds = 10_000_000;

    /// <summary>The private half, wrapped by AES-256-GCM under a key that PBKDF2-SHA-256 makes of a passphrase or a code.</summary>
    /// <param name="Wrapped">Nonce (12 bytes), what is wrapped, tag.</param>
    public sealed record Wrapping(
        [property: Range(LeastRounds, MostRounds)] int Rounds,
        [property: Required, Base64String, StringLength(88, MinimumLength = 24)] string Salt,
        [property: Required, Base64String, StringLength(800, MinimumLength = 100)] string Wrapped);

    /// <param name="PublicKey">A point of P-256, uncompressed: 65 bytes as base64.</param>
    public sealed record Pair(
        [property: Required, Base64String, StringLength(88, MinimumLength = 88)] string PublicKey,
        [property: Required] Wrapping Passphrase,
        [property: Required] Wrapping Recovery);

    /// <param name="Pair">Null before it is made.</param>
    public sealed record State(Pair? Pair);

    /// <param name="PublicKey">Of the pair that is wrapped anew.</param>
    /// <param name="Recovery">Null keeps the present code.</param>
    public sealed record Rewrapped(
        [property: Required, Base64String, StringLength(88, MinimumLength = 88)] string PublicKey,
        [property: Required] Wrapping Passphrase,
        Wrapping? Recovery = null);

    const string FindSql = """
        select public_key, rounds, salt, wrapped, recovery_rounds, recovery_salt, recovery_wrapped from chat.private_key where owner_id = @Owner
        """;

    const string AddSql = """
        insert into chat.private_key (owner_id, public_key, rounds, salt, wrapped, recovery_rounds, recovery_salt, recovery_wrapped, created_at, changed_at)
        values (@Owner, @PublicKey, @Rounds, @Salt, @Wrapped, @RecoveryRounds, @RecoverySalt, @RecoveryWrapped, @Now, @Now)
        on conflict (owner_id) do update set owner_id = excluded.owner_id where private_key.public_key = excluded.public_key
        """;

    const string RewrapSql = """
        update chat.private_key set rounds = @Rounds, salt = @Salt, wrapped = @Wrapped,
            recovery_rounds = coalesce(@RecoveryRounds::integer, recovery_rounds), recovery_salt = coalesce(@RecoverySalt::bytea, recovery_salt),
            recovery_wrapped = coalesce(@RecoveryWrapped::bytea, recovery_wrapped), changed_at = @Now
        where owner_id = @Owner and public_key = @PublicKey
        """;

    const string ForgetSql = "delete from chat.private_key where owner_id = @Owner";

    const string ExamplePoint = "BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU=";

    static readonly Wrapping ExampleWrapping = new(
        LeastRounds, "q83vEjRWeJq83vEjRWeJqw==",
        "VGhlIGtleSBvZiBhIHBlcnNvbiwgd3JhcHBlZCBieSB0aGVpciBicm93c2VyOyBub2JvZHkgZWxzZSBrbm93cyB3aGF0IGlzIGluIGl0LCBub3QgZXZlbiB0aGUgc2VydmVyLg==");

    internal static void Map(RouteGroupBuilder routes)
    {
        const string Route = "/private/key";
        var example = new Pair(ExamplePoint, ExampleWrapping, ExampleWrapping);
        routes.MapGet(Route, GetAsync)
            .WithName("Chat_GetPrivateKey").WithSummary("One's pair of keys for private conversations, the private half wrapped")
            .WithExample(response: new State(example));
        routes.MapPost(Route, AddAsync).RequireOwnHands()
            .WithName("Chat_AddPrivateKey").WithSummary("Keep a pair of keys that the browser made; there is one at a time")
            .WithExample(example);
        routes.MapPut(Route, RewrapAsync).RequireOwnHands().RequireRecentProof()
            .WithName("Chat_RewrapPrivateKey").WithSummary("Keep the same pair under another passphrase, or with another recovery code")
            .WithExample(new Rewrapped(ExamplePoint, ExampleWrapping, ExampleWrapping));
        routes.MapDelete(Route, ForgetAsync).RequireOwnHands().RequireRecentProof()
            .WithName("Chat_ForgetPrivateKey").WithSummary("Forget the pair of keys and every private conversation with it, for good");
    }

    static async Task<Ok<State>> GetAsync(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(new State(await db.FindAsync<Row>(FindSql, new { Owner = caller.UserId }, cancel) is { } row
            ? new Pair(Convert.ToBase64String(row.PublicKey), Shown(row.Rounds, row.Salt, row.Wrapped), Shown(row.RecoveryRounds, row.RecoverySalt, row.RecoveryWrapped))
            : null));

    static async Task<Results<NoContent, ProblemHttpResult>> AddAsync(Pair request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        if (!SealedBox.IsPublicKey(Convert.FromBase64String(request.PublicKey)))
            return KernelErrors.BadRequest("The public key is no point of P-256.").ToProblem();
        return await db.ExecuteAsync(AddSql, Values(request.PublicKey, request.Passphrase, request.Recovery, caller, clock), cancel) == 1
            ? TypedResults.NoContent()
            : ChatErrors.PrivateKeyExists.ToProblem();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RewrapAsync(Rewrapped request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
        => await db.ExecuteAsync(RewrapSql, Values(request.PublicKey, request.Passphrase, request.Recovery, caller, clock), cancel) == 1
            ? TypedResults.NoContent()
            : ChatErrors.PrivateKeyMissing.ToProblem();

    static async Task<NoContent> ForgetAsync(Caller caller, Db db, CancellationToken cancel)
    {
        await db.ExecuteAsync(ForgetSql, new { Owner = caller.UserId }, cancel);
        return TypedResults.NoContent();
    }

    static Wrapping Shown(int rounds, byte[] salt, byte[] wrapped) => new(rounds, Convert.ToBase64String(salt), Convert.ToBase64String(wrapped));

    static object Values(string publicKey, Wrapping passphrase, Wrapping? recovery, Caller caller, TimeProvider clock) => new
    {
        Owner = caller.UserId,
        PublicKey = Convert.FromBase64String(publicKey),
        passphrase.Rounds,
        Salt = Convert.FromBase64String(passphrase.Salt),
        Wrapped = Convert.FromBase64String(passphrase.Wrapped),
        RecoveryRounds = recovery?.Rounds,
        RecoverySalt = recovery is null ? null : Convert.FromBase64String(recovery.Salt),
        RecoveryWrapped = recovery is null ? null : Convert.FromBase64String(recovery.Wrapped),
        Now = clock.GetUtcNow(),
    };

    sealed record Row(byte[] PublicKey, int Rounds, byte[] Salt, byte[] Wrapped, int RecoveryRounds, byte[] RecoverySalt, byte[] RecoveryWrapped);
}
