using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Profile;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
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
using Npgsql;

namespace JeanTrail.Accounts.Setup;

internal static partial class CreateOwner
{
    /// <param name="Code">The one-time code from the server's console.</param>
    /// <param name="Locale">Interface language, or null to follow the browser.</param>
    public sealed record Request(
        [Required, StringLength(40)] string Code,
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [Required, StringLength(80, MinimumLength = 1)] string DisplayName,
        [Required] string Password,
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null);

    const string InsertSql = """
        insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at, email_verified_at)
        values (@Id, @Email, @EmailKey, @DisplayName, 'owner', @PasswordHash, @Now, @Now)
        """;

    const string EndCodeSql = "delete from accounts.owner_setup";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/setup", Handle)
            .WithName("Accounts_CreateOwner")
            .WithSummary("Creates the owner of a new server and signs them in.")
            .WithExample(
                new Request("7KX2-M9QD", GetSession.Example.User.Email, GetSession.Example.User.DisplayName, "a lighthouse above the grey harbour", "en"),
                GetSession.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Created<GetSession.Session>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, FirstOwner firstOwner, Db db, IPreferences preferences, ICsrfTokens csrf, CancellationToken cancel)
    {
        var created = await firstOwner.CreateAsync(request, context, cancel);
        if (!created.TryGet(out var opened, out var error))
            return error.ToProblem();
        return await GetSession.ReadAsync(opened.UserId, opened.SessionId, db, preferences, csrf, cancel) is { } answer
            ? TypedResults.Created("/api/accounts/session", answer)
            : KernelErrors.Unauthenticated.ToProblem();
    }

    internal sealed partial class FirstOwner(
        Db db, OwnerSetup setup, AttemptThrottle throttle, BreachedPasswords passwords, PasswordVault vault, SessionIssuer issuer, TimeProvider clock, ILogger<FirstOwner> logger)
    {
        const string Throttled = "owner-setup";

        internal async Task<Result<Entered>> CreateAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            if (await setup.OwnerExistsAsync(cancel))
                return AccountsErrors.OwnerExists;
            if (EmailAddress.Parse(request.Email) is not { } email)
                return AccountsErrors.EmailInvalid;
            if (await passwords.CheckAsync(request.Password, email, request.DisplayName, cancel) is { } weak)
                return weak;
            if (await CheckCodeAsync(request.Code, context, cancel) is { } refused)
                return refused;
            return await StoreAsync(request, email, context, cancel);
        }

        async Task<Error?> CheckCodeAsync(string code, HttpContext context, CancellationToken cancel)
        {
            if (await throttle.RefuseAsync(Throttled, context, cancel) is { } tooMany)
                return tooMany;

            switch (await setup.TryCodeAsync(code, cancel))
            {
                case CodeVerdict.OwnerExists:
                    return AccountsErrors.OwnerExists;
                case CodeVerdict.Wrong:
                    LogWrongCode(logger);
                    return AccountsErrors.SetupCodeWrong;
                default:
                    await throttle.ClearAsync(Throttled, context, cancel);
                    return null;
            }
        }

        async Task<Result<Entered>> StoreAsync(Request request, EmailAddress email, HttpContext context, CancellationToken cancel)
        {
            var user = Ids.New<UserId>(clock);
            var row = new
            {
                Id = user,
                Email = email.Typed,
                EmailKey = email.Key,
                DisplayName = request.DisplayName.Trim(),
                PasswordHash = await vault.HashAsync(request.Password, cancel),
                Now = clock.GetUtcNow(),
            };
            try
            {
                var issued = await db.InTransactionAsync(
                    async tx =>
                    {
                        await tx.ExecuteAsync(InsertSql, row, cancel);
                        await tx.ExecuteAsync(EndCodeSql, null, cancel);
                        await PreferenceStore.SaveAsync(tx, user, new() { Locale = request.Locale }, row.Now, cancel);
                        return await issuer.IssueAsync(tx, user, context, cancel);
                    },
                    cancel);
                issuer.Send(context, issued);
                LogCreated(logger, user.Value);
                return new Entered(user, issued.SessionId);
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "user_one_owner" or "user_email_key" })
            {
                return AccountsErrors.OwnerExists;
            }
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Owner {UserId} created")]
        static partial void LogCreated(ILogger logger, Guid userId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A wrong setup code was tried")]
        static partial void LogWrongCode(ILogger logger);
    }
}
