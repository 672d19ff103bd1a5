using JeanTrail.Contracts.Chat;
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

    /// <summary>Of what others share, or of one conversation: the last measured.</summary>
    const int MostInConversations = 20_000;

    const string ConversationsSql = """
        select place, message_id, signs from chat.message_vector
        where conversation_id = any(@Conversations::uuid[]) and model_id = @Model order by place desc limit @MostInConversations
        """;

    const string VectorsSql = "select message_id, vector from chat.message_vector where message_id = any(@Ids::uuid[])";

    readonly Lock gate = new();
    readonly Dictionary<UserId, Known> owners = [];

    /// <summary>Among a person's own and what others share; the nearest first; null when there is no model for it or it did not answer in time.</summary>
    /// <param name="shared">Conversations of others that the person may read.</param>
    internal Task<IReadOnlyList<Guid>?> FindAsync(UserId owner, string text, IReadOnlyCollection<Guid> shared, CancellationToken cancel)
        => NearestAsync(owner, text, Most, async model => [.. await KnownAsync(owner, model, cancel), .. await InAsync(shared, model, cancel)], cancel);

    /// <summary>Likewise within one conversation, which the person may read.</summary>
    internal Task<IReadOnlyList<Guid>?> FindInAsync(UserId person, ConversationId conversation, string text, int most, CancellationToken cancel)
        => NearestAsync(person, text, most, model => InAsync([conversation.Value], model, cancel), cancel);

    async Task<IReadOnlyList<Guid>?> NearestAsync(
        UserId person, string text, int most, Func<string, Task<IReadOnlyCollection<SignsRow>>> measured, CancellationToken cancel)
    {
        if (await models.EmbedderAsync(person, options.Value.EmbeddingModel, cancel) is not { ModelId: var model } vectors)
            return null;
        using var embedder = vectors.Generator;
        using var patience = new CancellationTokenSource(options.Value.MeaningTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            var sought = (await embedder.GenerateAsync([text], cancellationToken: either.Token))[0].Vector.ToArray();
            var signs = Vectors.Signs(sought);
            var known = await measured(model);
            Guid[] roughly =
            [
                .. known.Where(each => each.Signs.Length == signs.Length).OrderBy(each => Vectors.Distance(signs, each.Signs))
                    .Take(Math.Max(LookedAtClosely, most)).Select(each => each.MessageId),
            ];
            return
            [
                .. (await VectorsAsync(roughly, cancel)).Select(row => (row.MessageId, Cosine: Vectors.Cosine(sought, row.Vector))).Where(each => each.Cosine >= Near)
                    .OrderByDescending(each => each.Cosine).Take(most).Select(each => each.MessageId),
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

    async Task<IReadOnlyCollection<SignsRow>> InAsync(IReadOnlyCollection<Guid> conversations, string model, CancellationToken cancel)
    {
        if (conversations.Count == 0)
            return [];
        // What was measured is its owner's row; others are told what is near by id, and read it in their own scope.
        using var scope = RowScope.Server();
        return await db.QueryAsync<SignsRow>(ConversationsSql, new { Conversations = conversations.ToArray(), Model = model, MostInConversations }, cancel);
    }

    async Task<IReadOnlyList<VectorRow>> VectorsAsync(Guid[] ids, CancellationToken cancel)
    {
        using var scope = RowScope.Server();
        return await db.QueryAsync<VectorRow>(VectorsSql, new { Ids = ids }, cancel);
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
