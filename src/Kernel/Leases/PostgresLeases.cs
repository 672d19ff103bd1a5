using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Leases;

internal sealed partial class PostgresLeases(Db db, NodeIdentity node, TimeProvider clock, ILogger<PostgresLeases> logger) : ILeases
{
    const int LongestName = 200;

    const string AcquireSql = """
        insert into kernel.lease (name, holder, node, fence, expires_at)
        values (@Name, @Holder, @Node, nextval('kernel.lease_fence'), @Until)
        on conflict (name) do update set holder = excluded.holder, node = excluded.node, fence = excluded.fence, expires_at = excluded.expires_at
        where lease.expires_at <= @Now
        returning fence
        """;

    const string RenewSql = "update kernel.lease set expires_at = @Until where name = @Name and holder = @Holder";
    const string ReleaseSql = "delete from kernel.lease where name = @Name and holder = @Holder";

    public async Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, LongestName, nameof(name));
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromSeconds(1));
        var holder = Ids.New(clock);
        var now = clock.GetUtcNow();
        var fence = await db.FindAsync<long?>(AcquireSql, new { Name = name, Holder = holder, Node = node.Name, Until = now + duration, Now = now }, cancel);
        return fence is null ? null : new Lease(this, name, holder, fence.Value, duration, now + duration);
    }

    sealed partial class Lease : ILease
    {
        readonly PostgresLeases leases;
        readonly Guid holder;
        readonly TimeSpan duration;
        readonly CancellationTokenSource lost = new();
        readonly CancellationTokenSource disposing = new();
        readonly Task renewing;
        DateTimeOffset expiresAt;

        internal Lease(PostgresLeases leases, string name, Guid holder, long fence, TimeSpan duration, DateTimeOffset expiresAt)
        {
            this.leases = leases;
            this.holder = holder;
            this.duration = duration;
            this.expiresAt = expiresAt;
            Name = name;
            Fence = fence;
            Lost = lost.Token;
            renewing = RenewAsync(disposing.Token);
        }

        public string Name { get; }

        public long Fence { get; }

        public CancellationToken Lost { get; }

        public async ValueTask DisposeAsync()
        {
            if (disposing.IsCancellationRequested)
                return;
            await disposing.CancelAsync();
            await renewing;
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await leases.Db.ExecuteAsync(ReleaseSql, new { Name, Holder = holder }, limit.Token);
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
            {
                LogNotReleased(leases.Logger, failure, Name);
            }

            lost.Dispose();
            disposing.Dispose();
        }

        async Task RenewAsync(CancellationToken cancel)
        {
            using var timer = new PeriodicTimer(duration / 3, leases.Clock);
            try
            {
                while (await timer.WaitForNextTickAsync(cancel))
                {
                    if (await IsHeldAsync(cancel))
                        continue;
                    LogLost(leases.Logger, Name);
                    await lost.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                // Disposed.
            }
        }

        async Task<bool> IsHeldAsync(CancellationToken cancel)
        {
            // Counted from before the statement: the row must never say longer than this node believes.
            var until = leases.Clock.GetUtcNow() + duration;
            try
            {
                // A hanging database must not make this node believe in its lease for longer than it is good.
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limit.CancelAfter(duration / 3);
                if (await leases.Db.ExecuteAsync(RenewSql, new { Name, Holder = holder, Until = until }, limit.Token) == 0)
                    return false;
                expiresAt = until;
                return true;
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                LogNotRenewed(leases.Logger, failure, Name);

                // The next look comes a third later; stop before the end and not after it.
                return leases.Clock.GetUtcNow() + duration / 3 < expiresAt;
            }
        }
    }

    Db Db => db;

    TimeProvider Clock => clock;

    ILogger Logger => logger;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {Name} was lost")]
    static partial void LogLost(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease {Name} could not be renewed")]
    static partial void LogNotRenewed(ILogger logger, Exception failure, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lease {Name} could not be given back; it runs out by itself")]
    static partial void LogNotReleased(ILogger logger, Exception failure, string name);
}
