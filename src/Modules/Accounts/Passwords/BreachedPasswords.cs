using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Passwords;

/// <summary>The section <c>Accounts:BreachedPasswords</c>. With neither set only the built-in list counts.</summary>
internal sealed record BreachedPasswordsOptions
{
    /// <summary>A file of lines <c>SHA1:count</c>, sorted by hash, as the public collections are handed out.</summary>
    public string? File { get; init; }

    /// <summary>The base address of a range service, such as <c>https://api.pwnedpasswords.com</c>: it learns five digits of the hash.</summary>
    public Uri? Service { get; init; }

    /// <summary>After so long a service that does not answer is left out.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Whether a new password may be used: the rules, and whether it was in a breach.</summary>
internal sealed partial class BreachedPasswords : IDisposable
{
    const int PrefixLength = 5;

    /// <summary>A padded answer has about a thousand lines of 40 characters.</summary>
    const int MaxAnswerBytes = 512 * 1024;

    readonly BreachedPasswordsOptions options;
    readonly ILogger<BreachedPasswords> logger;
    readonly HttpClient? http;

    public BreachedPasswords(IOptions<AccountsOptions> accounts, SsrfGuard guard, ILogger<BreachedPasswords> logger)
    {
        options = accounts.Value.BreachedPasswords;
        this.logger = logger;
        if (options.Service is { } service)
        {
            http = new HttpClient(guard.CreateHandler(OutboundPolicy.OwnerConfigured))
            {
                BaseAddress = new Uri(service.AbsoluteUri.TrimEnd('/') + "/"),
                Timeout = options.Patience,
                MaxResponseContentBufferSize = MaxAnswerBytes,
            };
            // Answers of equal length tell an eavesdropper nothing about the prefix.
            http.DefaultRequestHeaders.Add("Add-Padding", "true");
            http.DefaultRequestHeaders.Add("User-Agent", "JeanTrail");
        }
    }

    /// <summary>Null when the password may be used. Errors: <c>accounts.password_weak</c>, <c>accounts.password_breached</c>.</summary>
    internal async Task<Error?> CheckAsync(string password, EmailAddress email, string displayName, CancellationToken cancel)
    {
        if (PasswordRules.Check(password, email, displayName) is { } weak)
            return weak;
        if (options.File is null && http is null)
            return null;
#pragma warning disable CA5350 // The collections are of SHA-1; nothing of ours is kept as it.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        return await IsInFileAsync(hash, cancel) || await IsKnownToServiceAsync(hash, cancel) ? AccountsErrors.PasswordBreached : null;
    }

    public void Dispose() => http?.Dispose();

    // Nobody is kept from choosing a password because a list is away: the rules were met.
    async Task<bool> IsInFileAsync(string hash, CancellationToken cancel)
    {
        if (options.File is null)
            return false;
        try
        {
            return await HashList.ContainsAsync(options.File, hash, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogFileFailed(logger, failure);
            return false;
        }
    }

    async Task<bool> IsKnownToServiceAsync(string hash, CancellationToken cancel)
    {
        if (http is null)
            return false;
        try
        {
            var answer = await http.GetStringAsync(new Uri($"range/{hash[..PrefixLength]}", UriKind.Relative), cancel);
            return Counts(answer, hash[PrefixLength..]);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            LogServiceFailed(logger, failure);
            return false;
        }
    }

    /// <summary>Whether the answer has the suffix with a count above zero: padding has zero.</summary>
    internal static bool Counts(string answer, string suffix)
    {
        foreach (var line in answer.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().Equals(suffix, StringComparison.OrdinalIgnoreCase))
                return long.TryParse(line[(colon + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of breached passwords could not be read; a password was accepted without it")]
    static partial void LogFileFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service of breached passwords did not answer; a password was accepted without it")]
    static partial void LogServiceFailed(ILogger logger, Exception failure);
}
