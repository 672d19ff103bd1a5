using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.TwoFactor;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.SignIn;

internal static partial class SecondFactor
{
    /// <summary>The first factor was right; a code is asked for besides.</summary>
    /// <param name="Ticket">Send it with the code, from the same network. It holds for five minutes and five wrong codes.</param>
    public sealed record Needed(string Ticket, DateTimeOffset ExpiresAt);

    /// <param name="Code">The six digits of the authenticator app, or a recovery code.</param>
    public sealed record Request([Required, StringLength(100)] string Ticket, [Required, StringLength(60)] string Code);

    internal static readonly Needed Example = new("h3v0m8yE5dRzqPpC1n7WkTbXs2uLgJ4aFo9iQxKcVZs", new(2026, 3, 14, 9, 34, 46, TimeSpan.Zero));

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-in/second-factor", Handle)
            .WithName("Accounts_SignInWithSecondFactor")
            .WithSummary("Finishes a sign-in with a code of the authenticator app or a recovery code.")
            .WithExample(new Request(Example.Ticket, "492039"), GetSession.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<GetSession.Session>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, SecondDoor door, SignInAnswers answers, CancellationToken cancel)
        => await answers.OpenedAsync(await door.OpenAsync(request, context, cancel), cancel);

    internal sealed partial class SecondDoor(SignInTickets tickets, SecondFactors factors, Entrance entrance, ILogger<SecondDoor> logger)
    {
        internal async Task<Result<Entered>> OpenAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            if (await tickets.TryAsync(request.Ticket, context, cancel) is not { } user)
                return AccountsErrors.TicketEnded;
            if (!await factors.UseAsync(user, request.Code, cancel))
            {
                LogRefused(logger, user.Value);
                return AccountsErrors.CodeWrong;
            }

            return await entrance.FinishAsync(user, tx => tickets.UseAsync(tx, request.Ticket, user, cancel), context, cancel) is { } entered
                ? entered
                : AccountsErrors.TicketEnded;
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "Second factor refused (user {UserId})")]
        static partial void LogRefused(ILogger logger, Guid userId);
    }
}
