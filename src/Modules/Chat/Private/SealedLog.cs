using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Private;

/// <summary>Writes down what private turns of this node have said since the last time, sealed, in one statement.</summary>
internal sealed class SealedLog(Db db, TurnRegistry registry, IBroadcast broadcast, IOptions<ChatOptions> options) : ITurnLog
{
    public const string Channel = "chat.sealed";

    // As for open turns. A piece that was written but not acknowledged comes again, and may have grown.
    const string PiecesSql = """
        insert into chat.private_piece (turn_id, number, box)
        select p.turn_id, p.number, p.box
        from unnest(@TurnIds::uuid[], @Numbers::int[], @Boxes::bytea[]) as p(turn_id, number, box)
        join chat.private_turn t on t.turn_id = p.turn_id and t.status = 'running'
        for share of t
        on conflict (turn_id, number) do update set box = excluded.box
        """;

    const string RenewSql = "update chat.private_turn set lease_until = now() + @Lease where turn_id = any(@TurnIds) and status = 'running'";

    public async Task FlushAsync(CancellationToken cancel)
    {
        var pieces = new List<(SealedProgress Progress, SealedPiece Piece)>();
        foreach (var turn in registry.Private)
        {
            if (turn.Sealed!.Next(turn) is { } piece)
                pieces.Add((turn.Sealed, piece));
        }

        if (pieces.Count == 0)
            return;
        await db.ExecuteAsync(PiecesSql, new
        {
            TurnIds = pieces.Select(each => each.Piece.TurnId).ToArray(),
            Numbers = pieces.Select(each => each.Piece.Number).ToArray(),
            Boxes = pieces.Select(each => each.Piece.Box).ToArray(),
        }, cancel);
        foreach (var (progress, piece) in pieces)
            progress.Written(piece);
        await TurnWake.TellAsync(broadcast, Channel, pieces.Select(each => new TurnId(each.Piece.TurnId)), cancel);
    }

    public async Task RenewAsync(CancellationToken cancel)
    {
        var ids = registry.Private.Select(turn => turn.Id.Value).ToArray();
        if (ids.Length > 0)
            await db.ExecuteAsync(RenewSql, new { TurnIds = ids, options.Value.Lease }, cancel);
    }
}
