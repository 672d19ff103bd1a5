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

/// <summary>Hashes and verifies passwords, at most as many at a time as there are processors: a flood of sign-ins must not starve the rest.</summary>
internal sealed class PasswordVault : IDisposable
{
    static readonly object NoUser = new();

    readonly PasswordHasher<object> hasher;
    readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount));
    readonly Lazy<string> nobodysHash;

    public PasswordVault(IOptions<AccountsOptions> options)
    {
        hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        nobodysHash = new Lazy<string>(() => hasher.HashPassword(NoUser, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))));
    }

    internal async Task<string> HashAsync(string password, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            return hasher.HashPassword(NoUser, password);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Does the same work whether or not there is a hash, so that the time taken does not tell who has an account.</summary>
    internal async Task<PasswordVerdict> VerifyAsync(string? hash, string password, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            var verdict = hasher.VerifyHashedPassword(NoUser, hash ?? nobodysHash.Value, password);
            return (hash, verdict) switch
            {
                (null, _) or (_, PasswordVerificationResult.Failed) => PasswordVerdict.Wrong,
                (_, PasswordVerificationResult.SuccessRehashNeeded) => PasswordVerdict.RightButOld,
                _ => PasswordVerdict.Right,
            };
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
