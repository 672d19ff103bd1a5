using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.TwoFactor;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.Tokens;

internal static partial class IssueTokens
{
    /// <param name="Code">For people with a second factor: the six digits of the app, or a recovery code.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [Required, StringLength(PasswordRules.MaxLength)] string Password,
        [StringLength(60)] string? Code = null)
    {
        public override string ToString() => nameof(Request);
    }

    /// <param name="AccessToken">To be sent as <c>Authorization: Bearer …</c>.</param>
    /// <param name="TokenType">Always <c>Bearer</c>.</param>
    /// <param name="ExpiresInSeconds">How long the access token is good for.</param>
    /// <param name="RefreshToken">Gives the next pair, once. Used twice it ends the session, since then two have it.</param>
    /// <param name="SessionId">As in the list of sessions.</param>
    public sealed record Pair(
        string AccessToken, string TokenType, int ExpiresInSeconds, string RefreshToken, DateTimeOffset RefreshExpiresAt, Guid SessionId)
    {
        public override string ToString() => SessionId.ToString();
    }

    internal static readonly Pair Example = new(
        "jt_at_EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXA", "Bearer", 900, "jt_rt_EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXA",
        new(2026, 4, 13, 9, 29, 46, TimeSpan.Zero), GetSession.Example.SessionId);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/tokens", Handle)
            .WithName("Accounts_IssueTokens")
            .WithSummary("Signs a program in with e-mail address, password and second factor: a short access token and a refresh token.")
            .WithExample(new Request(GetSession.Example.User.Email, "a lighthouse above the grey harbour", "492039"), Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<Pair>, ProblemHttpResult>> Handle(Request request, HttpContext context, TokenDoor door, CancellationToken cancel)
    {
        var opened = await door.OpenAsync(request, context, cancel);
        return opened.TryGet(out var pair, out var error) ? TypedResults.Ok(pair) : error.ToProblem();
    }

    /// <summary>The same doors as a browser's, one behind the other: what slows guessing down there does so here.</summary>
    internal sealed partial class TokenDoor(
        Db db, SignInWithPassword.SignInDoor password, Entrance entrance, SecondFactors factors, SignInTickets tickets, TokenIssuer issuer, ILogger<TokenDoor> logger)
    {
        internal async Task<Result<Pair>> OpenAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            var proven = await password.ProveAsync(new(request.Email, request.Password), context, cancel);
            if (!proven.TryGet(out var person, out var refused))
                return refused;
            var (pair, needed) = await entrance.FirstAsync(
                person.UserId, person.StillAsync, tx => issuer.OpenAsync(tx, person.UserId, context, secondFactor: false, cancel), context, cancel);
            if (pair is not null)
            {
                LogOpened(logger, person.UserId.Value, pair.SessionId);
                return pair;
            }

            if (needed is null)
                return AccountsErrors.CredentialsWrong;
            return string.IsNullOrEmpty(request.Code) ? AccountsErrors.CodeRequired : await SecondAsync(needed.Ticket, request.Code, person.UserId, context, cancel);
        }

        async Task<Result<Pair>> SecondAsync(string ticket, string code, UserId person, HttpContext context, CancellationToken cancel)
        {
            // The ticket counts wrong codes, over all networks too.
            if (await tickets.TryAsync(ticket, context, cancel) != person)
                return AccountsErrors.TicketEnded;
            if (!await factors.UseAsync(person, code, cancel))
            {
                LogRefused(logger, person.Value);
                return AccountsErrors.CodeWrong;
            }

            var pair = await db.InTransactionAsync(
                async tx => await tickets.UseAsync(tx, ticket, person, cancel) ? await issuer.OpenAsync(tx, person, context, secondFactor: true, cancel) : null,
                cancel);
            if (pair is null)
                return AccountsErrors.TicketEnded;
            LogOpened(logger, person.Value, pair.SessionId);
            return pair;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} signed a program in, session {SessionId}")]
        static partial void LogOpened(ILogger logger, Guid userId, Guid sessionId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Second factor refused (user {UserId}, program)")]
        static partial void LogRefused(ILogger logger, Guid userId);
    }
}
