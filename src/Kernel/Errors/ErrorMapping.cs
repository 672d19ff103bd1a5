using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace JeanTrail.Kernel.Errors;

/// <summary>Names what an exception means to the person whose request it ended.</summary>
public static partial class ErrorMapping
{
    /// <summary>The member of a problem that says after how many seconds a retry makes sense.</summary>
    public const string RetryAfterSeconds = "retryAfterSeconds";

    /// <summary>
    /// The error for <paramref name="failure"/>; <see cref="KernelErrors.Unexpected"/> when it is a bug. Never repeats the exception's
    /// own words, which may quote a body.
    /// </summary>
    public static Error From(Exception failure) => failure switch
    {
        IErrorException known => known.Error,
        // Only the binding of a body wraps JSON's complaints; elsewhere bad JSON is our own or an upstream's, and not the caller's fault.
        BadHttpRequestException request => FromRequest(request),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => KernelErrors.DiskFull,
        // NUL and unpaired surrogates: JSON may hold them, PostgreSQL's text may not.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter }
            => KernelErrors.BadRequest("The text holds characters that cannot be stored."),
        NpgsqlException database when IsUnavailable(database) => KernelErrors.DatabaseUnavailable.With(RetryAfterSeconds, 2),
        IOException io when IsDiskFull(io) => KernelErrors.DiskFull,
        AggregateException { InnerExceptions: [var only] } => From(only),
        _ => KernelErrors.Unexpected,
    };

    /// <summary>Whether a write failed because the disk, or the share of it this process may use, is full.</summary>
    public static bool IsDiskFull(IOException failure)
    {
        // .NET keeps the errno in HResult on Unix and the Win32 code in its low word on Windows.
        const int NoSpace = 28;
        const int QuotaLinux = 122;
        const int QuotaMac = 69;
        const int WindowsHandleDiskFull = unchecked((int)0x80070027);
        const int WindowsDiskFull = unchecked((int)0x80070070);
        return OperatingSystem.IsWindows()
            ? failure.HResult is WindowsHandleDiskFull or WindowsDiskFull
            : failure.HResult == NoSpace || failure.HResult == (OperatingSystem.IsMacOS() ? QuotaMac : QuotaLinux);
    }

    /// <summary>Whether the database as a whole is away, as opposed to having refused one statement.</summary>
    public static bool IsUnavailable(NpgsqlException failure) => failure is PostgresException refused
        ? refused.SqlState is ['0', '8', ..] or ['5', '7', 'P', ..]
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.OutOfMemory
        : failure.IsTransient || failure.InnerException is SocketException or IOException or TimeoutException;

    static Error FromRequest(BadHttpRequestException failure) => failure switch
    {
        { InnerException: JsonException json } => FromJson(json),
        { StatusCode: StatusCodes.Status400BadRequest } when ParameterName().Match(failure.Message) is { Success: true } match
            => Invalid(match.Groups["name"].Value, "This is missing or not of the expected form."),
        _ => FromStatus(failure.StatusCode),
    };

    static Error FromJson(JsonException failure)
    {
        if (MissingProperties().Match(failure.Message) is { Success: true } missing)
        {
            var errors = PropertyName().Matches(missing.Groups["name"].Value)
                .ToDictionary(name => name.Groups["name"].Value, _ => new[] { "This is required." }, StringComparer.Ordinal);
            return KernelErrors.Validation(errors);
        }

        // A path below the root means well-formed JSON with a value of the wrong type; the root is also where syntax errors point.
        return failure.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) && failure.InnerException is not JsonException
            ? Invalid(path[2..], "This is not of the expected type.")
            : KernelErrors.BadRequest("The body is not the JSON that is expected here.");
    }

    static Error Invalid(string field, string message)
        => KernelErrors.Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    /// <summary>The error of a bare status code.</summary>
    public static Error FromStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => KernelErrors.Unauthenticated,
        StatusCodes.Status403Forbidden => KernelErrors.Forbidden,
        StatusCodes.Status404NotFound => KernelErrors.NotFound,
        StatusCodes.Status405MethodNotAllowed => KernelErrors.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => KernelErrors.TooLarge,
        StatusCodes.Status415UnsupportedMediaType => KernelErrors.UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => KernelErrors.RateLimited,
        StatusCodes.Status504GatewayTimeout => KernelErrors.TimedOut,
        >= 500 => KernelErrors.Unexpected with { Status = status },
        _ => KernelErrors.BadRequest("The request could not be read.", status),
    };

    // The framework's messages are the only place where it names the parameter: Failed to bind parameter "Guid id" from "abc".
    [GeneratedRegex("parameter \"\\S+ (?<name>\\w+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ParameterName();

    [GeneratedRegex("missing required properties including: (?<name>.+?)\\.(?: Path:|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PropertyName();
}
