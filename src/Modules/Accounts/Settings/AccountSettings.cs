using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.SignUp;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.Settings;

/// <summary>What the owner decides about everybody's accounts. Reading is open: the sign-in page shows it.</summary>
internal static partial class AccountSettings
{
    /// <param name="SignUp"><c>closed invited open</c>.</param>
    public sealed record Settings([Required, AllowedValues("closed", "invited", "open")] string SignUp);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/settings", Get)
            .WithName("Accounts_GetSettings")
            .WithSummary("Tells who may make an account.")
            .WithExample(response: new Settings(SignUpPolicy.Closed))
            .AllowAnonymous();
        routes.MapPut("/settings", Put)
            .WithName("Accounts_PutSettings")
            .WithSummary("Decides who may make an account.")
            .WithExample(new Settings(SignUpPolicy.Open), new Settings(SignUpPolicy.Open))
            .RequireAuthorization(Policies.Owner);
    }

    static async Task<Ok<Settings>> Get(SignUpPolicy policy, CancellationToken cancel) => TypedResults.Ok(new Settings(await policy.FindAsync(cancel)));

    static async Task<Ok<Settings>> Put(Settings request, Caller caller, SignUpPolicy policy, ILogger<Settings> logger, CancellationToken cancel)
    {
        await policy.SaveAsync(request.SignUp, cancel);
        LogSaved(logger, request.SignUp, caller.UserId.Value);
        return TypedResults.Ok(request);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-up is {Mode} now, says {UserId}")]
    static partial void LogSaved(ILogger logger, string mode, Guid userId);
}
