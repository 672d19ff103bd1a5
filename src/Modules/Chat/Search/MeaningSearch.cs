using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Search;

/// <summary>
/// Finds messages that mean what is looked for, among those that were measured: the signs of all, in memory, tell roughly which are near, and
/// the nearest are compared closely.
/// </summary>
internal sealed partial class MeaningSearch(Db db, IVectorModels models, IOptions<ChatOptions> options, TimeProvider clock, ILogger<MeaningSearch> logger)
{
    const int LookedAtClosely = 100;
    const int Most = 20;

    /// <summary>Farther ones only happen to be the nearest there are.</summary>
    const double Near = 0.35;

    /// <summary>Owners whose signs are kept here: 10 MB each at most, with 1,024 dimensions.</summary>
    const int MostOwners = 8;

    const string SignsSql = "select place, message_id, signs from chat.message_vector where owner_id = @Owner and model_id = @Model and place > @After order by place";

    const string VectorsSql = "select message_id, vector from chat.message_vector where owner_id = @Owner and message_id = any(@Ids::uuid[])";

    readonly Lock gate = new();
    readonly Dictionary<UserId, Known> owners = [];

    /// <summary>The nearest first; null when there is no model for it or it did not answer in time.</summary>
    internal async Task<IReadOnlyList<Guid>?> FindAsync(UserId owner, string text, CancellationToken cancel)
    {
        if (await models.EmbedderAsync(owner, options.Value.EmbeddingModel, cancel) is not { ModelId: var model } vectors)
            return null;
        using var embedder = vectors.Generator;
        using var patience = new CancellationTokenSource(options.Value.MeaningTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            var sought = (await embedder.GenerateAsync([text], cancellationToken: either.Token))[0].Vector.ToArray();
            var signs = Vectors.Signs(sought);
            var known = await KnownAsync(owner, model, cancel);
            Guid[] roughly = [.. known.Where(each => each.Signs.Length == signs.Length).OrderBy(each => Vectors.Distance(signs, each.Signs)).Take(LookedAtClosely).Select(each => each.MessageId)];
            var rows = await db.QueryAsync<VectorRow>(VectorsSql, new { Owner = owner, Ids = roughly }, cancel);
            return
            [
                .. rows.Select(row => (row.MessageId, Cosine: Vectors.Cosine(sought, row.Vector))).Where(each => each.Cosine >= Near)
                    .OrderByDescending(each => each.Cosine).Take(Most).Select(each => each.MessageId),
            ];
        }
        catch (ModelCallException failure)
        {
            LogNotMeasured(logger, model, failure.Error.Code);
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            LogNotMeasured(logger, model, "too slow");
            return null;
        }
    }

    async Task<IReadOnlyCollection<SignsRow>> KnownAsync(UserId owner, string model, CancellationToken cancel)
    {
        Known? known;
        lock (gate)
            known = owners.GetValueOrDefault(owner);
        if (known?.Model != model)
            known = new Known(model, 0, []);
        var fresh = await db.QueryAsync<SignsRow>(SignsSql, new { Owner = owner, Model = model, After = known.Last }, cancel);
        if (fresh.Count > 0)
        {
            var all = known.Rows.ToDictionary(row => row.MessageId);
            foreach (var row in fresh)
                all[row.MessageId] = row;
            known = new Known(model, fresh[^1].Place, [.. all.Values]);
        }

        lock (gate)
        {
            owners.Remove(owner);
            while (owners.Count >= MostOwners)
                owners.Remove(owners.Keys.First());
            owners[owner] = known;
        }

        return known.Rows;
    }

    sealed record Known(string Model, long Last, IReadOnlyCollection<SignsRow> Rows);

    sealed record SignsRow
    {
        public long Place { get; init; }

        public Guid MessageId { get; init; }

        public byte[] Signs { get; init; } = [];
    }

    sealed record VectorRow
    {
        public Guid MessageId { get; init; }

        public byte[] Vector { get; init; } = [];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} did not measure what is looked for: {Reason}")]
    static partial void LogNotMeasured(ILogger logger, string model, string reason);
}
