using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Audit;

internal sealed class AuditTrail(Db db, AuditAnchorFile anchorFile, TimeProvider clock) : IAudit
{
    /// <summary>How many entries a look at the chain reads at once.</summary>
    internal const int BatchSize = 500;

    internal const string Columns = "position, audit_id, at, act, actor_id, person_id, session_id, address, subjects, before::text as before, after::text as after, previous_hash, hash";

    const string HeadSql = "select position, hash from kernel.audit_head for update";
    const string PeekSql = "select position, hash from kernel.audit_head";

    const string InsertSql = """
        with written as (
            insert into kernel.audit (position, audit_id, at, act, actor_id, person_id, session_id, address, subjects, before, after, previous_hash, hash)
            values (@Position, @AuditId, @At, @Act, @ActorId, @PersonId, @SessionId, @Address, @Subjects, @Before::json, @After::json, @PreviousHash, @Hash)
            returning position, hash
        )
        update kernel.audit_head h set position = w.position, hash = w.hash from written w
        """;

    const string WalkSql = $"select {Columns} from kernel.audit where position > @After order by position limit @Take";

    const string BeyondSql = "select a.position from kernel.audit a where a.position > (select h.position from kernel.audit_head h) limit 1";

    public async Task WriteAsync(Tx transaction, AuditEntry entry, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(entry);
        var head = await transaction.FindAsync<Head>(HeadSql, null, cancel) ?? throw new InvalidOperationException("The audit trail has lost its head.");
        var row = new AuditRow
        {
            Position = head.Position + 1,
            AuditId = Ids.New(clock),
            At = AuditChain.Stored(clock.GetUtcNow()),
            Act = entry.Act.Name,
            ActorId = entry.Actor?.Value,
            PersonId = entry.Person?.Value,
            SessionId = entry.SessionId,
            Address = entry.Address,
            Subjects = [.. entry.Subjects],
            Before = AuditChain.Canonical(entry.Before),
            After = AuditChain.Canonical(entry.After),
            PreviousHash = head.Hash,
        };
        await transaction.ExecuteAsync(InsertSql, row with { Hash = AuditChain.Hash(row) }, cancel);
    }

    /// <summary>Walks the chain from its start, and compares it with what was written down outside.</summary>
    internal async Task<AuditVerdict> VerifyAsync(CancellationToken cancel)
    {
        // Read first, so that no anchor is of an entry that comes later than the head.
        var anchors = new AuditComparison(anchorFile.Read());
        var chain = await WalkAsync(anchors, cancel);
        return chain with { AgreesTo = anchors.AgreesTo, PartsAt = anchors.PartsAt };
    }

    async Task<AuditVerdict> WalkAsync(AuditComparison anchors, CancellationToken cancel)
    {
        // Entries that come while it walks are not its business.
        var head = await db.FindAsync<Head>(PeekSql, null, cancel);
        if (head is null)
            return new AuditVerdict(0, 1);
        var last = AuditChain.Start;
        long position = 0;
        while (position < head.Position)
        {
            var rows = await db.QueryAsync<AuditRow>(WalkSql, new { After = position, Take = (int)Math.Min(BatchSize, head.Position - position) }, cancel);
            if (rows.Count == 0)
                return new AuditVerdict(position, position + 1);
            foreach (var row in rows)
            {
                if (row.Position != position + 1 || !row.PreviousHash.AsSpan().SequenceEqual(last) || !row.Hash.AsSpan().SequenceEqual(AuditChain.Hash(row)))
                    return new AuditVerdict(position, position + 1);
                anchors.Pass(row.Position, row.Hash);
                last = row.Hash;
                position = row.Position;
            }
        }

        var isWhole = last.AsSpan().SequenceEqual(head.Hash) && (await db.QueryAsync<long>(BeyondSql, null, cancel)).Count == 0;
        return new AuditVerdict(position, isWhole ? null : position + 1);
    }

    sealed record Head(long Position, byte[] Hash);
}

/// <param name="Checked">How many entries hold.</param>
/// <param name="FirstBroken">The position of the first entry that was changed, is missing or does not belong; null when all hold.</param>
/// <param name="AgreesTo">The last position that was written down outside and is the same here; null when there is none.</param>
/// <param name="PartsAt">The first that was written down outside and is not the same here, or is not here; null when there is none.</param>
internal sealed record AuditVerdict(long Checked, long? FirstBroken, AuditAnchor? AgreesTo = null, AuditAnchor? PartsAt = null)
{
    internal bool Holds => FirstBroken is null && PartsAt is null;
}

/// <summary>Compares the chain, as it is walked, with anchors in the order of their positions.</summary>
internal sealed class AuditComparison(IReadOnlyList<AuditAnchor> anchors)
{
    int next;
    AuditAnchor? wrong;

    internal AuditAnchor? AgreesTo { get; private set; }

    /// <summary>Once the walk is over: those that it did not come to are missing.</summary>
    internal AuditAnchor? PartsAt => wrong ?? (next < anchors.Count ? anchors[next] : null);

    internal void Pass(long position, byte[] hash)
    {
        for (; next < anchors.Count && anchors[next].Position <= position; next++)
        {
            // One chain passes each position once: of two different anchors there one is not of this chain.
            if (anchors[next].Position != position || !anchors[next].Fits(hash))
                wrong ??= anchors[next];
            else if (wrong is null)
                AgreesTo = anchors[next];
        }
    }
}
