using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Texts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Search;

/// <summary>
/// Measures what the newest messages mean: with the model the operator named for it, as what was said goes to that model's provider, or else
/// with the embedder on this machine. Without either it does nothing.
/// </summary>
internal sealed partial class MeaningIndex(Db db, IVectorModels models, IOptions<ChatOptions> options, ILogger<MeaningIndex> logger) : IPeriodicTask
{
    /// <summary>Of an owner. Their signs are kept in memory while they search.</summary>
    internal const int NewestMeasured = 50_000;

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    const int BatchSize = 32;

    const int ShortestBeginning = 100;

    const string OwnersSql = "select distinct owner_id from chat.search_segment order by owner_id";

    const string WaitingSql = """
        select m.message_id, left(m.text, 4000) as text
        from (select i.message_id from chat.message_index i where i.owner_id = @Owner order by i.created_at desc, i.message_id desc limit @Newest) recent
            join chat.message m on m.message_id = recent.message_id
        where length(m.text) > 8 and not exists (
            select from chat.message_vector v where v.message_id = recent.message_id and v.model_id = @Model)
        limit @Take
        """;

    const string InsertSql = """
        insert into chat.message_vector (message_id, owner_id, conversation_id, model_id, signs, vector)
        select r.message_id, @Owner, m.conversation_id, @Model, r.signs, r.vector
        from unnest(@Ids::uuid[], @Signs::bytea[], @Vectors::bytea[]) as r (message_id, signs, vector) join chat.message m on m.message_id = r.message_id
        on conflict (message_id) do update set place = default, model_id = excluded.model_id, signs = excluded.signs, vector = excluded.vector
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var owner in await db.QueryAsync<UserId>(OwnersSql, null, cancel))
        {
            if (await models.EmbedderAsync(owner, options.Value.EmbeddingModel, cancel) is not { } model)
                return;
            using var embedder = model.Generator;
            try
            {
                while (await MeasureAsync(owner, model, cancel) == BatchSize)
                    cancel.ThrowIfCancellationRequested();
            }
            catch (ModelCallException failure)
            {
                // Words find what there is in the meantime; the next round tries again.
                LogNotMeasured(logger, model.ModelId, failure.Error.Code);
                return;
            }
        }
    }

    async Task<int> MeasureAsync(UserId owner, VectorModel model, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Row>(WaitingSql, new { Owner = owner, Model = model.ModelId, Newest = NewestMeasured, Take = BatchSize }, cancel);
        if (rows.Count == 0)
            return 0;
        var vectors = await MeasureAsync(model, [.. rows.Select(row => row.Text)], cancel);
        await db.ExecuteAsync(
            InsertSql,
            new
            {
                Owner = owner,
                Model = model.ModelId,
                Ids = rows.Select(row => row.MessageId).ToArray(),
                Signs = vectors.Select(vector => Vectors.Signs(vector.Span)).ToArray(),
                Vectors = vectors.Select(vector => Vectors.Quantise(vector.Span)).ToArray(),
            },
            cancel);
        return rows.Count;
    }

    /// <summary>What is longer than the model reads is measured by its beginning; of what is not even read then, there is an empty vector, which is near nothing.</summary>
    static async Task<IReadOnlyList<ReadOnlyMemory<float>>> MeasureAsync(VectorModel model, string[] texts, CancellationToken cancel)
    {
        try
        {
            return [.. (await model.Generator.GenerateAsync(texts, cancellationToken: cancel)).Select(embedding => embedding.Vector)];
        }
        catch (ModelCallException failure) when (failure.ContextTooLong)
        {
            if (texts is [var one])
                return one.Length < ShortestBeginning ? [default] : await MeasureAsync(model, [one.Cut(one.Length / 2)], cancel);
            var half = texts.Length / 2;
            return [.. await MeasureAsync(model, texts[..half], cancel), .. await MeasureAsync(model, texts[half..], cancel)];
        }
    }

    sealed record Row(Guid MessageId, string Text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} does not measure what messages mean: {Code}")]
    static partial void LogNotMeasured(ILogger logger, string model, string code);
}
