using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.SignIn;

internal static class SendMagicLink
{
    /// <param name="Locale">The letter's language, where the person has not chosen one.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/magic-link", Handle)
            .WithName("Accounts_SendMagicLink")
            .WithSummary("Sends a letter with a link that signs in, if somebody has this address; the answer does not tell.")
            .WithExample(new Request(GetSession.Example.User.Email, "en"))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Accepted, ProblemHttpResult>> Handle(Request request, HttpContext context, SignInLinks links, CancellationToken cancel)
        => await links.SendAsync(Purpose.Magic, AccountLetter.Magic, "/sign-in/magic", request.Email, request.Locale, context, cancel) is { } refused
            ? refused.ToProblem()
            : TypedResults.Accepted((string?)null);
}
