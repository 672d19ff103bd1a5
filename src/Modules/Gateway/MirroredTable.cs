using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway;

/// <summary>A small table, whole and in memory: asked with every call, read again when any node changes it, and now and then in case it missed that.</summary>
/// <param name="channel">On which the nodes tell each other of changes.</param>
internal abstract partial class MirroredTable(string name, string channel, TimeSpan every, IBroadcast broadcast, TimeProvider clock, ILogger logger)
    : FlushLoop(name, every, clock, logger)
{
    readonly TimeSpan every = every;
    readonly SemaphoreSlim reading = new(1);
    IDisposable? listening;

    /// <summary>Reads it now. One after another: what was read earlier must not take the place of what was read later.</summary>
    internal async Task ReloadAsync(CancellationToken cancel)
    {
        await reading.WaitAsync(cancel);
        // It is kept for everybody, whoever's change it is read again for.
        using var scope = RowScope.Server();
        try
        {
            await ReadAsync(cancel);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Call it after a change is committed: this node knows it when this returns, the others moments later.</summary>
    internal async Task ChangedAsync(CancellationToken cancel)
    {
        try
        {
            await ReloadAsync(cancel);
            await broadcast.SendAsync(channel, "", cancel);
        }
        catch (NpgsqlException failure)
        {
            // The change itself is committed: its caller must not fail.
            LogNotTold(Logger, failure, channel, every);
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        listening = broadcast.Listen(channel, (_, cancel) => ReloadAsync(cancel));
        await TryAsync(TickAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        listening?.Dispose();
        reading.Dispose();
        base.Dispose();
    }

    /// <summary>Puts the table as it stands in the place of what is in memory.</summary>
    protected abstract Task ReadAsync(CancellationToken cancel);

    protected sealed override Task TickAsync(CancellationToken cancel) => ReloadAsync(cancel);

    protected sealed override Task EndAsync(CancellationToken cancel) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Channel} could not be told to all nodes; they know it within {Every}")]
    static partial void LogNotTold(ILogger logger, Exception failure, string channel, TimeSpan every);
}
