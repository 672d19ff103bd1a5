using System.Security.Cryptography;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.TwoFactor;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Users;

internal sealed class UserAdministration(
    Db db, BreachedPasswords passwords, PasswordVault vault, LiveSessions sessions, RemoveTotp.Removal factors, IAudit audit, TimeProvider clock) : IUserAdministration
{
    static readonly Error UserUnknown = new("accounts.user_unknown", 404, "Nobody has this e-mail address.");

    const string ListSql = """
        select u.user_id as id, u.email, u.display_name, u.role, u.created_at, max(s.last_seen_at) as last_seen_at,
               (count(s.session_id) filter (where s.revoked_at is null and s.expires_at > @Now))::int as open_sessions
        from accounts.user u left join accounts.session s on s.user_id = u.user_id
        group by u.user_id order by u.created_at, u.user_id
        """;

    const string FindSql = "select user_id as id, email, display_name from accounts.user where email_key = @Key";
    const string ResetSql = "update accounts.user set password_hash = @Hash where user_id = @Id";
    const string RevokeSql = "update accounts.session set revoked_at = @Now where user_id = @Id and revoked_at is null returning session_id";

    public Task<IReadOnlyList<UserSummary>> ListAsync(CancellationToken cancel)
        => db.QueryAsync<UserSummary>(ListSql, new { Now = clock.GetUtcNow() }, cancel);

    public async Task<Result<string>> ResetPasswordAsync(string email, string? password, CancellationToken cancel)
    {
        if (EmailAddress.Parse(email) is not { } address || await FindAsync(address, cancel) is not { } user)
            return UserUnknown;

        // 100 random bits in groups that can be read aloud.
        password ??= string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstvwxyz23456789", 5)));
        if (await passwords.CheckAsync(password, address, user.DisplayName, cancel) is { } weak)
            return weak;
        var hash = await vault.HashAsync(password, cancel);
        var ended = await db.InTransactionAsync(
            async tx =>
            {
                await tx.ExecuteAsync(ResetSql, new { user.Id, Hash = hash }, cancel);
                await ProofStore.EndAsync(tx, user.Id, cancel);
                await audit.WriteAsync(tx, AuditEntry.AtConsole(AuditAct.PasswordReset, [user.Id.Value]), cancel);
                return await tx.QueryAsync<Guid>(RevokeSql, new { user.Id, Now = clock.GetUtcNow() }, cancel);
            },
            cancel);
        await sessions.ForgetAsync(ended, CancellationToken.None);
        return password;
    }

    public async Task<Result<int>> RevokeSessionsAsync(string email, CancellationToken cancel)
    {
        if (EmailAddress.Parse(email) is not { } address || await FindAsync(address, cancel) is not { } user)
            return UserUnknown;
        var ended = await db.InTransactionAsync(
            async tx =>
            {
                await audit.WriteAsync(tx, AuditEntry.AtConsole(AuditAct.UserSignedOut, [user.Id.Value]), cancel);
                return await tx.QueryAsync<Guid>(RevokeSql, new { user.Id, Now = clock.GetUtcNow() }, cancel);
            },
            cancel);
        await sessions.ForgetAsync(ended, CancellationToken.None);
        return ended.Count;
    }

    public async Task<Result<bool>> RemoveSecondFactorAsync(string email, CancellationToken cancel)
    {
        if (EmailAddress.Parse(email) is not { } address || await FindAsync(address, cancel) is not { } user)
            return UserUnknown;
        return await factors.RemoveAsync(user.Id, AuditEntry.AtConsole(AuditAct.TwoFactorOff, [user.Id.Value]), cancel);
    }

    Task<Row?> FindAsync(EmailAddress address, CancellationToken cancel) => db.FindAsync<Row>(FindSql, new { address.Key }, cancel);

    sealed record Row(UserId Id, string Email, string DisplayName);
}
