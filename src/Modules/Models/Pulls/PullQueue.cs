using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Models.Pulls;

/// <summary>
/// The pulls: a few run as jobs, the others wait for their turn here and not as jobs, which would keep other work from running.
/// </summary>
internal sealed class PullQueue(Db db, IJobs jobs, IOptions<ModelsOptions> options, TimeProvider clock)
{
    const string AddSql = $"""
        insert into models.pull (pull_id, source, name, licence, accepted_at, state, created_at)
        values (@Id, @Source, @Name, @Licence, @Now, 'waiting', @Now)
        returning {PullRow.Columns}
        """;

    const string FindSql = $"select {PullRow.Columns} from models.pull where pull_id = @Id";
    const string LockSql = "select pg_advisory_xact_lock(hashtextextended('models.pulls', 0))";

    const string NextSql = """
        select pull_id from models.pull
        where state = 'waiting' and (select count(*) from models.pull where state = 'running') < @AtOnce
        order by created_at, pull_id limit 1
        """;

    const string StartSql = "update models.pull set state = 'running', job_id = @Job where pull_id = @Id";

    const string ToldSql = """
        update models.pull set received_bytes = @Received, bytes_per_second = @Rate, expected_bytes = @Bytes, expected_sha256 = @Sha256, validator = @Validator,
            unpacked_bytes = null
        where pull_id = @Id and state = 'running'
        """;

    const string UnpackedSql = "update models.pull set unpacked_bytes = @Bytes, bytes_per_second = null where pull_id = @Id and state = 'running'";

    const string EndSql = """
        update models.pull set state = @State, unpacked_bytes = null, error_code = @Code, error_detail = @Detail, model_id = @Model, ended_at = @Now,
            received_bytes = case when @State = 'installed' then coalesce(expected_bytes, received_bytes) else received_bytes end
        where pull_id = @Id and (state in ('waiting', 'running') or state = 'failed' and @State = 'cancelled')
        """;

    /// <summary>Queues a pull whose licence was accepted. Error: <c>models.pull_running</c>.</summary>
    internal async Task<Result<PullRow>> AddAsync(PullSource source, string name, CancellationToken cancel)
    {
        try
        {
            var row = await db.FindAsync<PullRow>(AddSql, new { Id = Ids.New(clock), source.Source, Name = name, source.Terms.Licence, Now = clock.GetUtcNow() }, cancel);
            await StartWaitingAsync(cancel);
            return (await FindAsync(row!.PullId, cancel))!;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return ModelsErrors.PullRunning;
        }
    }

    internal Task<PullRow?> FindAsync(Guid id, CancellationToken cancel) => db.FindAsync<PullRow>(FindSql, new { Id = id }, cancel);

    /// <summary>Gives free places to those that wait longest.</summary>
    internal async Task StartWaitingAsync(CancellationToken cancel)
    {
        while (await db.InTransactionAsync(
            async tx =>
            {
                await tx.ExecuteAsync(LockSql, null, cancel);
                if (await tx.FindAsync<Guid?>(NextSql, new { AtOnce = options.Value.PullsAtOnce }, cancel) is not { } next)
                    return false;
                var job = await jobs.EnqueueAsync(tx, new JobRequest<PullJob.Arguments>(PullJob.Kind, new PullJob.Arguments(next), UniqueKey: $"{next}"), cancel);
                await tx.ExecuteAsync(StartSql, new { Id = next, Job = job }, cancel);
                return true;
            },
            cancel))
        {
            // Until there is no free place, or nobody waits.
        }
    }

    internal Task ToldAsync(Guid id, long received, long? rate, Promise promise, CancellationToken cancel)
        => db.ExecuteAsync(ToldSql, new { Id = id, Received = received, Rate = rate, promise.Bytes, promise.Sha256, promise.Validator }, cancel);

    internal Task UnpackedAsync(Guid id, long bytes, CancellationToken cancel) => db.ExecuteAsync(UnpackedSql, new { Id = id, Bytes = bytes }, cancel);

    /// <summary>False when it was over already.</summary>
    internal async Task<bool> EndAsync(Guid id, string state, Error? error, Guid? model, CancellationToken cancel)
    {
        var ended = await db.ExecuteAsync(EndSql, new { Id = id, State = state, error?.Code, error?.Detail, Model = model, Now = clock.GetUtcNow() }, cancel) == 1;
        await StartWaitingAsync(cancel);
        return ended;
    }

    /// <summary>Ends a pull and its job, or puts one aside that failed. False when it is over already.</summary>
    internal async Task<bool> CancelAsync(PullRow pull, CancellationToken cancel)
    {
        if (!await EndAsync(pull.PullId, "cancelled", null, null, cancel))
            return false;
        if (pull.JobId is { } job)
            await jobs.CancelAsync(job, owner: null, cancel);
        return true;
    }
}
