using System.Collections.Concurrent;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Chat.Context;

/// <summary>What was learned of how a model counts: each answer whose provider reports its tokens corrects the estimate a little.</summary>
internal sealed partial class ModelTokens(Db db, TimeProvider clock, ILogger<ModelTokens> logger)
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    const string FindSql = "select factor, error, samples, max_tokens from chat.model_tokens where model_id = @ModelId";

    // Exponential means: a fifth of each is the newest. The error is what the estimate was off by before it learned of it.
    const string LearnSql = """
        insert into chat.model_tokens as m (model_id, factor, error, samples, updated_at)
        values (@ModelId, @Ratio, abs(1 - 1 / @Ratio::double precision), 1, @Now)
        on conflict (model_id) do update set
            factor = m.factor * 0.8 + excluded.factor * 0.2,
            error = m.error * 0.8 + abs(1 - m.factor / excluded.factor) * 0.2,
            samples = m.samples + 1, updated_at = excluded.updated_at
        """;

    const string LimitSql = """
        insert into chat.model_tokens as m (model_id, factor, error, samples, max_tokens, updated_at)
        values (@ModelId, 1, @Error, 0, @MaxTokens, @Now)
        on conflict (model_id) do update set max_tokens = least(coalesce(m.max_tokens, excluded.max_tokens), excluded.max_tokens), updated_at = excluded.updated_at
        """;

    readonly ConcurrentDictionary<string, (ModelCount Count, long At)> known = new(StringComparer.Ordinal);

    /// <summary>What is known of a model; read from the database once a minute at most.</summary>
    public async Task<ModelCount> OfAsync(string modelId, CancellationToken cancel)
    {
        if (known.TryGetValue(modelId, out var kept) && clock.GetElapsedTime(kept.At) < Fresh)
            return kept.Count;
        var count = await db.FindAsync<ModelCount>(FindSql, new { ModelId = modelId }, cancel) ?? ModelCount.Unknown;
        // Names come from providers' lists and from whatever was typed: the dictionary must not grow with them.
        if (known.Count > 1_000)
            known.Clear();
        known[modelId] = (count, clock.GetTimestamp());
        return count;
    }

    /// <summary>Compares an estimate, uncorrected, with what was counted. Best effort.</summary>
    public Task LearnAsync(string modelId, int estimated, long counted, CancellationToken cancel)
    {
        // Short requests are mostly what providers add themselves.
        if (estimated < 200 || counted < 100)
            return Task.CompletedTask;
        return WriteAsync(LearnSql, new { ModelId = modelId, Ratio = Math.Clamp(counted / (double)estimated, 0.2, 5), Now = clock.GetUtcNow() }, modelId, cancel);
    }

    /// <summary>The model refused so many tokens.</summary>
    public Task LearnLimitAsync(string modelId, int refused, CancellationToken cancel)
        => WriteAsync(LimitSql, new { ModelId = modelId, MaxTokens = Math.Max(500, (int)(refused * 0.7)), ModelCount.Unknown.Error, Now = clock.GetUtcNow() }, modelId, cancel);

    async Task WriteAsync(string sql, object args, string modelId, CancellationToken cancel)
    {
        try
        {
            await db.ExecuteAsync(sql, args, cancel);
            known.TryRemove(modelId, out _);
        }
        catch (NpgsqlException failure)
        {
            LogNotLearned(logger, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A token count was not learned from: {Reason}")]
    static partial void LogNotLearned(ILogger logger, string reason);
}

/// <param name="Factor">What an estimate is multiplied with.</param>
/// <param name="Error">Mean share by which the corrected estimate misses.</param>
/// <param name="Samples">0 when the model never reported counts.</param>
/// <param name="MaxTokens">What the model is known to take, if it ever refused more.</param>
internal sealed record ModelCount(double Factor, double Error, int Samples, int? MaxTokens)
{
    /// <summary>A fifth is what the plain estimate is off by on mixed text.</summary>
    public static readonly ModelCount Unknown = new(1, 0.2, 0, null);

    public int Corrected(int estimate) => (int)Math.Ceiling(estimate * Factor);
}
