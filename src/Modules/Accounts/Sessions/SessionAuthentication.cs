using System.Security.Claims;
using System.Text.Encodings.Web;
using JeanTrail.Accounts.ApiKeys;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Sessions;

/// <summary>
/// Makes the caller from the session cookie, or from what a program sends as a bearer token. Where a cookie is there, good or not, the
/// header counts for nothing: it could otherwise lift the proof of origin off a request that a browser was made to send.
/// </summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, LiveSessions sessions, LiveApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    internal const string SchemeName = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        => await (SessionCookie.IsThere(Request) ? FromCookieAsync() : FromHeaderAsync()) is { } principal
            ? AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName))
            : AuthenticateResult.NoResult();

    async Task<ClaimsPrincipal?> FromCookieAsync()
        => SessionCookie.Read(Request) is { } token && SecretHash.OfToken(token) is { } hash
            ? await sessions.FindAsync(hash, SessionKind.Browser, ClientAddress.Of(Context), Context.RequestAborted)
            : null;

    async Task<ClaimsPrincipal?> FromHeaderAsync() => BearerToken.Of(Request) switch
    {
        { Prefix: BearerToken.ApiKey } key => await keys.FindAsync(key.Hash, ClientAddress.Of(Context), Context.RequestAborted),
        { Prefix: BearerToken.Access } access => await sessions.FindAsync(access.Hash, SessionKind.Program, ClientAddress.Of(Context), Context.RequestAborted),
        _ => null,
    };
}
