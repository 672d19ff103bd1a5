using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>Writes down what all open turns of this node have said since the last time, in one statement, and tells the other nodes.</summary>
internal sealed class TurnLog(Db db, TurnRegistry registry, IBroadcast broadcast, IOptions<ChatOptions> options) : ITurnLog
{
    public const string Channel = "chat.flushed";

    // A turn that was deleted with its conversation meanwhile takes no more text, and one that is being closed has all of it: the lock waits for
    // whoever closes it.
    const string ChunkSql = """
        insert into chat.turn_chunk (turn_id, at, length, text)
        select p.turn_id, p.at, p.length, p.text
        from unnest(@TurnIds::uuid[], @Ats::int[], @Lengths::int[], @Texts::text[]) as p(turn_id, at, length, text)
        join chat.turn t on t.turn_id = p.turn_id and t.status = 'running'
        for share of t
        on conflict (turn_id, at) do update set text = excluded.text, length = excluded.length where excluded.length > turn_chunk.length
        """;

    // The same again for parts. A piece that was written but not acknowledged comes again, and may have grown.
    const string PartsSql = """
        insert into chat.turn_part_log (turn_id, change, step, text, body)
        select p.turn_id, p.change, p.step, p.text, p.body::jsonb
        from unnest(@TurnIds::uuid[], @Changes::int[], @Steps::int[], @Texts::text[], @Bodies::text[]) as p(turn_id, change, step, text, body)
        join chat.turn t on t.turn_id = p.turn_id and t.status = 'running'
        for share of t
        on conflict (turn_id, change, step) do update set text = excluded.text where length(excluded.text) > length(turn_part_log.text)
        """;

    const string RenewSql = "update chat.turn set lease_until = now() + @Lease where turn_id = any(@TurnIds) and status = 'running'";

    public async Task FlushAsync(CancellationToken cancel)
    {
        var pieces = registry.Open.Select(turn => (turn, piece: turn.Buffer.TakeUnflushed(), parts: turn.Buffer.TakeUnflushedParts()))
            .Where(each => each.piece.Text.Length > 0 || each.parts.Entries.Count > 0).ToList();
        if (pieces.Count == 0)
            return;
        var texts = pieces.Where(each => each.piece.Text.Length > 0).ToList();
        if (texts.Count > 0)
        {
            await db.ExecuteAsync(ChunkSql, new
            {
                TurnIds = texts.Select(each => each.turn.Id.Value).ToArray(),
                Ats = texts.Select(each => each.piece.At).ToArray(),
                Lengths = texts.Select(each => each.piece.Text.Length).ToArray(),
                Texts = texts.Select(each => each.piece.Text).ToArray(),
            }, cancel);
        }

        var entries = pieces.SelectMany(each => each.parts.Entries, (each, entry) => (each.turn.Id, entry)).ToList();
        if (entries.Count > 0)
        {
            await db.ExecuteAsync(PartsSql, new
            {
                TurnIds = entries.Select(each => each.Id.Value).ToArray(),
                Changes = entries.Select(each => each.entry.Change).ToArray(),
                Steps = entries.Select(each => each.entry.Step).ToArray(),
                Texts = entries.Select(each => each.entry.Text).ToArray(),
                Bodies = entries.Select(each => each.entry.Body).ToArray(),
            }, cancel);
        }

        foreach (var (turn, piece, parts) in pieces)
            turn.Buffer.MarkFlushed(piece.At + piece.Text.Length, parts.Until);
        await TurnWake.TellAsync(broadcast, Channel, pieces.Select(each => each.turn.Id), cancel);
    }

    public async Task RenewAsync(CancellationToken cancel)
    {
        var ids = registry.Open.Select(turn => turn.Id.Value).ToArray();
        if (ids.Length > 0)
            await db.ExecuteAsync(RenewSql, new { TurnIds = ids, options.Value.Lease }, cancel);
    }
}
