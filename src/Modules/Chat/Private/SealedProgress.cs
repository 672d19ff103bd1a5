using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;

namespace JeanTrail.Chat.Private;

/// <summary>How far a private turn is written down. Only <see cref="SealedLog"/> asks and moves it.</summary>
/// <param name="publicKey">What its pieces are sealed to.</param>
/// <param name="begin">What was there when the turn began.</param>
internal sealed class SealedProgress(byte[] publicKey, TurnCursor begin)
{
    TurnCursor at = begin;
    int number;

    /// <summary>What was said since the last piece that was written down, sealed; null when nothing was.</summary>
    public SealedPiece? Next(RunningTurn turn)
    {
        var slice = turn.Buffer.Read(at);
        if (slice.Delta.Length == 0 && slice.Parts.Count == 0)
            return null;
        var after = at with { Text = at.Text + slice.Delta.Length };
        if (slice.Parts is [.., { After: var place }])
            after = after with { Parts = place.Changes, Reasoning = place.Reasoning };
        var piece = new PrivatePiece(at.Text, slice.Delta, [.. slice.Parts.Select(step => new PrivateStep(step.Part, step.Delta))]);
        return new SealedPiece(turn.Id.Value, number, SealedBox.Seal(publicKey, BoxPlace.Piece(turn.Id.Value, number), ChatJson.Write(piece)), after);
    }

    /// <summary>It is written down.</summary>
    public void Written(SealedPiece piece) => (at, number) = (piece.After, piece.Number + 1);
}

internal sealed record SealedPiece(Guid TurnId, int Number, byte[] Box, TurnCursor After);
