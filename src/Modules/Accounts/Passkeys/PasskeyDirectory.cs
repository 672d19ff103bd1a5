using System.Globalization;
using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Identity;

namespace JeanTrail.Accounts.Passkeys;

/// <summary>A person as the framework's passkey handler sees them.</summary>
/// <param name="Handle">What authenticators keep to tell whose passkey it is: the user id, which says nothing about the person.</param>
internal sealed record PasskeyOwner(string Handle)
{
    internal static PasskeyOwner Of(Guid user) => new(user.ToString("D", CultureInfo.InvariantCulture));

    internal Guid UserId => Guid.ParseExact(Handle, "D");
}

/// <summary>
/// Finds passkeys for the framework's handler, which verifies them. What it does not ask for is not here: passkeys are written by the
/// features, in transactions of their own.
/// </summary>
internal sealed class PasskeyDirectory(Db db) : IUserPasskeyStore<PasskeyOwner>
{
    const string Columns = "credential_id, public_key, transports, backup_eligible, backed_up, created_at";
    const string PersonSql = "select user_id from accounts.user where user_id = @User and disabled_at is null";
    const string OfUserSql = $"select {Columns} from accounts.passkey where user_id = @User";
    const string OneSql = $"select {Columns} from accounts.passkey where user_id = @User and credential_id = @Credential";
    const string OwnerSql = "select user_id from accounts.passkey where credential_id = @Credential";

    public async Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken)
        => Guid.TryParseExact(userId, "D", out var user) && await db.FindAsync<Guid?>(PersonSql, new { User = user }, cancellationToken) is not null ? PasskeyOwner.Of(user) : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken)
        => [.. (await db.QueryAsync<Row>(OfUserSql, new { User = user.UserId }, cancellationToken)).Select(row => row.ToInfo())];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken)
        => (await db.FindAsync<Row>(OneSql, new { User = user.UserId, Credential = credentialId }, cancellationToken))?.ToInfo();

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
        => await db.FindAsync<Guid?>(OwnerSql, new { Credential = credentialId }, cancellationToken) is { } user ? PasskeyOwner.Of(user) : null;

    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public void Dispose()
    {
    }

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw NotAsked();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw NotAsked();

    static NotSupportedException NotAsked() => new("The handler only reads.");

    // Not positional: Dapper finds no constructor for columns that are arrays.
    sealed record Row
    {
        public byte[] CredentialId { get; init; } = [];

        public byte[] PublicKey { get; init; } = [];

        public string[] Transports { get; init; } = [];

        public bool BackupEligible { get; init; }

        public bool BackedUp { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        // The counter is compared where it is written, in one statement, and there alone.
        internal UserPasskeyInfo ToInfo()
            => new(CredentialId, PublicKey, CreatedAt, signCount: 0, Transports, isUserVerified: true, BackupEligible, BackedUp, attestationObject: [], clientDataJson: []);
    }
}
