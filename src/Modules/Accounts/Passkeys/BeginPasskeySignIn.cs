using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passkeys;

internal static class BeginPasskeySignIn
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-in/passkey/options", Handle)
            .WithName("Accounts_BeginPasskeySignIn")
            .WithSummary("Makes the challenge for signing in with a passkey. It names nobody: the authenticator knows whose passkeys it has.")
            .WithExample(response: PasskeyOptions.ExampleForUse)
            .AllowAnonymous();

    static async Task<Ok<PasskeyOptions.Response>> Handle(HttpContext context, PasskeyAuthority authority, CancellationToken cancel)
        => TypedResults.Ok(await authority.BeginUseAsync(Ceremony.PasskeySignIn, user: null, context, cancel));
}
