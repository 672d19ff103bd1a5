using System.Net.Http.Headers;
using System.Text.Json;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.External;

/// <summary>
/// Asks identity providers. Their addresses partly come from their own documents, so they pass the SSRF guard; only https and public
/// networks, unless the configuration says that providers stand in a private one.
/// </summary>
internal sealed partial class ExternalHttp : IDisposable
{
    const int MaxBytes = 512 * 1024;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly HttpClient http;
    readonly bool mayBePrivate;
    readonly ILogger<ExternalHttp> logger;

    public ExternalHttp(SsrfGuard guard, IOptions<AccountsOptions> options, ILogger<ExternalHttp> logger)
    {
        this.logger = logger;
        mayBePrivate = options.Value.PrivateIdentityProviders;
        var handler = guard.CreateHandler(Policy);
        // A redirect would carry the secret to another place.
        handler.AllowAutoRedirect = false;
        handler.ActivityHeadersPropagator = null;
        http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxBytes };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("JeanTrail", null));
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    OutboundPolicy Policy => mayBePrivate ? OutboundPolicy.OwnerConfigured : OutboundPolicy.Public;

    /// <summary>An address that may be asked, or that people may be sent to.</summary>
    internal Result<Uri> Check(string? url)
    {
        var read = SsrfGuard.Check(url, Policy);
        if (!read.TryGet(out var uri, out var error))
            return error;
        return uri.Scheme == Uri.UriSchemeHttps || mayBePrivate ? uri : AccountsErrors.IssuerNotHttps;
    }

    internal Task<Result<JsonElement>> GetAsync(string url, string? bearer, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return SendAsync(request, cancel);
    }

    internal Task<Result<JsonElement>> PostAsync(string url, IReadOnlyDictionary<string, string> form, AuthenticationHeaderValue? authorization, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = authorization;
        return SendAsync(request, cancel);
    }

    public void Dispose() => http.Dispose();

    async Task<Result<JsonElement>> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var sent = request;
        var host = request.RequestUri!.Host;
        if (Check(request.RequestUri.AbsoluteUri).Error is { } refused)
            return refused;
        try
        {
            using var response = await http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            if (!response.IsSuccessStatusCode)
            {
                LogRefused(logger, host, (int)response.StatusCode);
                return (int)response.StatusCode >= 500 ? AccountsErrors.ExternalUnreachable : AccountsErrors.ExternalRefused;
            }

            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (HttpRequestException failure)
        {
            LogFailed(logger, host, failure);
            return failure.InnerException is IErrorException guarded ? guarded.Error : AccountsErrors.ExternalUnreachable;
        }
        catch (JsonException failure)
        {
            LogFailed(logger, host, failure);
            return AccountsErrors.ExternalUnreachable;
        }
        catch (OperationCanceledException failure) when (!cancel.IsCancellationRequested)
        {
            LogFailed(logger, host, failure);
            return AccountsErrors.ExternalUnreachable;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider at {Host} answered {Status}")]
    static partial void LogRefused(ILogger logger, string host, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider at {Host} gave no answer that can be read")]
    static partial void LogFailed(ILogger logger, string host, Exception failure);
}

/// <summary>Reads members of documents that others wrote: what is not of the kind that is wanted is not there.</summary>
internal static class ForeignJson
{
    internal static string? Text(this JsonElement item, string name)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static IReadOnlyList<string> Texts(this JsonElement item, string name)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
            : [];

    /// <summary>Some providers write truth as text.</summary>
    internal static bool IsTrue(this JsonElement item, string name)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
            && (value.ValueKind == JsonValueKind.True || value.ValueKind == JsonValueKind.String && value.GetString() == "true");

    internal static long? Seconds(this JsonElement item, string name)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and < 1e11 ? (long)seconds : null;
}
