using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Accounts.Passkeys;

internal static class AddPasskey
{
    internal const int MaxName = 60;
    internal const int MaxPasskeys = 20;
    const int MaxTransports = 10;
    const int MaxAttestation = 20_000;

    /// <param name="Ceremony">As it came with the challenge.</param>
    /// <param name="Id">Of the credential, in base64url, as the bytes in other members.</param>
    /// <param name="ClientData">Its <c>response.clientDataJSON</c>.</param>
    /// <param name="Attestation">Its <c>response.attestationObject</c>.</param>
    /// <param name="Transports">What its <c>response.getTransports()</c> says.</param>
    /// <param name="Name">What the person calls it.</param>
    public sealed record Request(
        [Required, StringLength(100)] string Ceremony,
        [Required, StringLength(PasskeyAnswer.MaxId)] string Id,
        [Required, StringLength(PasskeyAnswer.MaxPart)] string ClientData,
        [Required, StringLength(MaxAttestation)] string Attestation,
        [Required, MaxLength(MaxTransports)] IReadOnlyList<string> Transports,
        [Required, StringLength(MaxName, MinimumLength = 1)] string Name);

    const string InsertSql = """
        insert into accounts.passkey (passkey_id, user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, name, created_at)
        select @Id, @User, @Credential, @PublicKey, @SignCount, @Transports, @BackupEligible, @BackedUp, @Name, @Now
        where (select count(*) from accounts.passkey where user_id = @User) < @Most
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/passkeys", Handle)
            .WithName("Accounts_AddPasskey")
            .WithSummary("Adds a passkey with what the authenticator answered.")
            .WithExample(
                new Request(
                    PasskeyOptions.ExampleForUse.Ceremony, PasskeyAnswer.Example.Id, "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0", "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVg", ["internal", "hybrid"],
                    ListPasskeys.Example.Name),
                ListPasskeys.Example with { LastUsedAt = null })
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<Created<ListPasskeys.Item>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, PasskeyAuthority authority, Addition addition, CancellationToken cancel)
    {
        if (request.Transports.Any(transport => transport is not { Length: > 0 and <= 30 }))
            return AccountsErrors.PasskeyRefused.ToProblem();
        var verified = await authority.FinishAddAsync(caller.UserId, request, context, cancel);
        if (!verified.TryGet(out var passkey, out var refused))
            return refused.ToProblem();
        var stored = await addition.StoreAsync(passkey, request.Name.Trim(), caller, context, cancel);
        return stored.TryGet(out var added, out var error) ? TypedResults.Created($"/api/accounts/passkeys/{added.Id}", added) : error.ToProblem();
    }

    internal sealed class Addition(Db db, SecurityNotices notices, TimeProvider clock)
    {
        internal async Task<Result<ListPasskeys.Item>> StoreAsync(UserPasskeyInfo passkey, string name, Caller caller, HttpContext context, CancellationToken cancel)
        {
            var row = new
            {
                Id = Ids.New(clock),
                User = caller.UserId,
                Credential = passkey.CredentialId,
                passkey.PublicKey,
                SignCount = (long)passkey.SignCount,
                Transports = passkey.Transports ?? [],
                BackupEligible = passkey.IsBackupEligible,
                BackedUp = passkey.IsBackedUp,
                Name = name.Length == 0 ? "?" : name,
                Now = clock.GetUtcNow(),
                Most = MaxPasskeys,
            };
            try
            {
                return await db.InTransactionAsync<Result<ListPasskeys.Item>>(
                    async tx =>
                    {
                        // Whoever adds many at once stands in line, so that the count is true.
                        await UserLock.TakeAsync(tx, caller.UserId, cancel);
                        if (await tx.ExecuteAsync(InsertSql, row, cancel) == 0)
                            return AccountsErrors.PasskeysFull;
                        var entry = AuditEntry.Of(AuditAct.PasskeyAdded, caller, context, [caller.UserId.Value, row.Id]);
                        await notices.TellAsync(tx, entry, caller.UserId, AccountLetter.PasskeyAdded, "/settings/account", cancel);
                        return new ListPasskeys.Item(row.Id, row.Name, row.BackedUp, row.Now, LastUsedAt: null);
                    },
                    cancel);
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "passkey_credential_id" })
            {
                return AccountsErrors.PasskeyRefused;
            }
        }
    }
}
