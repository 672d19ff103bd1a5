using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway.Calls;

/// <summary>How a call ended. Numbers and codes only.</summary>
/// <param name="Outcome"><c>completed cancelled failed</c>.</param>
internal sealed record CallRecord(
    UserId UserId,
    Guid? ProviderId,
    string ModelId,
    DateTimeOffset StartedAt,
    long? InputTokens,
    long? OutputTokens,
    TimeSpan? FirstToken,
    TimeSpan Total,
    string Outcome,
    Error? Error,
    Blame? Blame);

/// <summary>Writes the usage row of each call.</summary>
internal sealed partial class UsageRecorder(Db db, TimeProvider clock, ILogger<UsageRecorder> logger)
{
    /// <summary>The call is over and its caller waits no longer; the row is written all the same.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A provider removed while it answered leaves a row without one.
    const string Sql = """
        insert into gateway.usage
            (usage_id, user_id, provider_id, model_id, started_at, input_tokens, output_tokens, first_token_ms, total_ms, outcome, error_code, blame)
        values (@Id, @User, (select provider_id from gateway.provider where provider_id = @Provider), @Model, @StartedAt, @InputTokens, @OutputTokens,
                @FirstTokenMs, @TotalMs, @Outcome, @ErrorCode, @Blame)
        """;

    internal async Task WriteAsync(CallRecord call)
    {
        using var patience = new CancellationTokenSource(Patience);
        var row = new
        {
            Id = Ids.New(clock),
            User = call.UserId,
            Provider = call.ProviderId,
            Model = call.ModelId,
            call.StartedAt,
            call.InputTokens,
            call.OutputTokens,
            FirstTokenMs = (int?)call.FirstToken?.TotalMilliseconds,
            TotalMs = (int)call.Total.TotalMilliseconds,
            call.Outcome,
            ErrorCode = call.Error?.Code,
            Blame = call.Blame?.ToString().ToLowerInvariant(),
        };
        try
        {
            await db.ExecuteAsync(Sql, row, patience.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            // The answer was given; that its count is lost must not take it back.
            LogLost(logger, call.ModelId, call.Outcome, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The usage of a call to {ModelId} ({Outcome}) could not be written: {Reason}")]
    static partial void LogLost(ILogger logger, string modelId, string outcome, string reason);
}
