using System.Globalization;
using System.Text.Json;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.External;

/// <summary>GitHub, which has no ID tokens: who the person is, its API tells. Its Enterprise servers have the API below their own address.</summary>
/// <remarks>Source: GitHub Docs, "Authorizing OAuth apps" and "REST API endpoints for emails".</remarks>
internal sealed partial class GitHubDialect(ExternalHttp http, ILogger<GitHubDialect> logger) : IProviderDialect
{
    public Task<Result<Authorization>> BeginAsync(IdentityProvider provider, CancellationToken cancel)
        => Task.FromResult<Result<Authorization>>(new Authorization($"{provider.Issuer}/login/oauth/authorize", "read:user user:email", Issuer: null, NamesItself: false));

    public async Task<Result<ExternalPerson>> RedeemAsync(IdentityProvider provider, Redemption redemption, CancellationToken cancel)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = provider.ClientId,
            ["client_secret"] = provider.ClientSecret ?? "",
            ["code"] = redemption.Code,
            ["redirect_uri"] = redemption.RedirectUri,
            ["code_verifier"] = redemption.Flow.Verifier,
        };
        if (!(await http.PostAsync($"{provider.Issuer}/login/oauth/access_token", form, authorization: null, cancel)).TryGet(out var answer, out var error))
            return error;
        // A refusal is a success with an error in it.
        if (answer.Text("access_token") is not { } bearer)
        {
            LogRefused(logger, provider.ProviderId);
            return AccountsErrors.ExternalRefused;
        }

        var api = provider.Issuer == ProviderKinds.GitHubSite ? "https://api.github.com" : $"{provider.Issuer}/api/v3";
        if (!(await http.GetAsync($"{api}/user", bearer, cancel)).TryGet(out var user, out error))
            return error;
        if (!user.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number))
            return AccountsErrors.ExternalRefused;
        if (!(await http.GetAsync($"{api}/user/emails", bearer, cancel)).TryGet(out var emails, out error))
            return error;
        var primary = Primary(emails);
        return new ExternalPerson(
            number.ToString(CultureInfo.InvariantCulture), primary?.Text("email"), primary?.IsTrue("verified") ?? false, user.Text("name") ?? user.Text("login"));
    }

    static JsonElement? Primary(JsonElement emails)
        => emails.ValueKind == JsonValueKind.Array ? emails.EnumerateArray().Where(one => one.IsTrue("primary")).Select(one => (JsonElement?)one).FirstOrDefault() : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "GitHub (identity provider {ProviderId}) gave no token for a code")]
    static partial void LogRefused(ILogger logger, Guid providerId);
}
