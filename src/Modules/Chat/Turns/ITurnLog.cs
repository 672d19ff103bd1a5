namespace JeanTrail.Chat.Turns;

/// <summary>Where running turns are written down while they go on: open ones as they are, private ones sealed.</summary>
internal interface ITurnLog
{
    /// <summary>Writes what this node's turns have said since the last time. What could not be written stays with the turns.</summary>
    Task FlushAsync(CancellationToken cancel);

    /// <summary>Says that this node still has them.</summary>
    Task RenewAsync(CancellationToken cancel);
}
