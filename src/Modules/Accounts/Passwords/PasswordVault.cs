using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Passwords;

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, but hashed with fewer rounds than are asked for now.</summary>
    RightButOld,
}

/// <summary>
/// Hashes and verifies passwords on threads of their own, at most on half the processors: a flood of sign-ins must not starve those who
/// are in already.
/// </summary>
internal sealed class PasswordVault : IDisposable
{
    static readonly object NoUser = new();

    readonly PasswordHasher<object> hasher;
    readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    readonly Lazy<string> nobodysHash;

    public PasswordVault(IOptions<AccountsOptions> options)
    {
        hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        nobodysHash = new Lazy<string>(() => hasher.HashPassword(NoUser, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))));
    }

    internal Task<string> HashAsync(string password, CancellationToken cancel) => InTurnAsync(() => hasher.HashPassword(NoUser, password), cancel);

    /// <summary>Does the same work whether or not there is a hash, so that the time taken does not tell who has an account.</summary>
    internal Task<PasswordVerdict> VerifyAsync(string? hash, string password, CancellationToken cancel)
        => InTurnAsync(
            () => (hash, hasher.VerifyHashedPassword(NoUser, hash ?? nobodysHash.Value, password)) switch
            {
                (null, _) or (_, PasswordVerificationResult.Failed) => PasswordVerdict.Wrong,
                (_, PasswordVerificationResult.SuccessRehashNeeded) => PasswordVerdict.RightButOld,
                _ => PasswordVerdict.Right,
            },
            cancel);

    async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            AccountsTelemetry.Hashed();
            // Not on the pool: a tenth of a second on each of its few threads would make everybody wait.
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
