using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Kernel.Audit;

/// <summary>
/// Writes down the head of the record outside of the database, at an interval and at a stop: whoever owns the database can compute the whole chain
/// anew, and then it no longer leads to what was written down. Each node does so by itself.
/// </summary>
internal sealed partial class AuditAnchoring(Db db, AuditAnchorFile file, IOptions<AuditOptions> options, TimeProvider clock, ILogger<AuditAnchoring> logger)
    : DatabaseLoop("audit-anchoring", clock, logger)
{
    const string HeadSql = "select position, hash from kernel.audit_head";
    const string EntrySql = "select hash from kernel.audit where position = @Position";

    static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim one = new(1);
    AuditAnchor? last;
    bool looked;

    /// <summary>Adds the present head to the file, unless it is there.</summary>
    internal async Task WriteAsync(CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            if (!looked)
                await LookBackAsync(cancel);
            if (await db.FindAsync<Head>(HeadSql, null, cancel) is not { Position: > 0 } head || last?.Position == head.Position && last.Fits(head.Hash))
                return;
            var anchor = new AuditAnchor(head.Position, head.Hash, Clock.GetUtcNow());
            file.Add(anchor);
            last = anchor;
        }
        finally
        {
            one.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastPatience);
        try
        {
            await WriteAsync(patience.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            LogNotWritten(Logger, file.Path, failure);
        }
    }

    public override void Dispose()
    {
        one.Dispose();
        base.Dispose();
    }

    protected override async Task IterateAsync(CancellationToken cancel)
    {
        try
        {
            await WriteAsync(cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(Logger, file.Path, failure);
        }

        await Task.Delay(options.Value.AnchorInterval, Clock, cancel);
    }

    /// <summary>After a start: what was written down last should still be where it was.</summary>
    async Task LookBackAsync(CancellationToken cancel)
    {
        last = file.Read() is [.., var newest] ? newest : null;
        looked = true;
        if (last is { } anchor && (await db.FindAsync<byte[]>(EntrySql, new { anchor.Position }, cancel) is not { } hash || !anchor.Fits(hash)))
            LogParted(Logger, anchor.Position, file.Path);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The head of the record could not be written to {File}")]
    static partial void LogNotWritten(ILogger logger, string file, Exception failure);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The record no longer holds entry {Position} as it was written down in {File}: it was cut, changed or restored from a backup. `jeantrail audit verify` says more")]
    static partial void LogParted(ILogger logger, long position, string file);

    sealed record Head(long Position, byte[] Hash);
}
