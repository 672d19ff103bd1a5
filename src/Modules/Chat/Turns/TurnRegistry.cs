using System.Collections.Concurrent;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Private;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Turns;

/// <summary>The turns this node is answering right now.</summary>
internal sealed class TurnRegistry
{
    readonly ConcurrentDictionary<TurnId, RunningTurn> running = new();

    public IEnumerable<RunningTurn> All => running.Values;

    /// <summary>Those whose text may be written down as it is.</summary>
    public IEnumerable<RunningTurn> Open => running.Values.Where(turn => turn.Sealed is null);

    /// <summary>Those whose text may only be written down sealed.</summary>
    public IEnumerable<RunningTurn> Private => running.Values.Where(turn => turn.Sealed is not null);

    public int Count => running.Count;

    public RunningTurn? Find(TurnId id) => running.GetValueOrDefault(id);

    public void Add(RunningTurn turn) => running[turn.Id] = turn;

    public void Remove(TurnId id) => running.TryRemove(id, out _);

    /// <summary>Ends a turn at its person's wish; false when it does not run here.</summary>
    public bool Stop(TurnId id)
    {
        if (!running.TryGetValue(id, out var turn))
            return false;
        turn.Stop();
        return true;
    }
}

/// <summary>One turn being answered: its buffer and the means to end it.</summary>
/// <param name="sealed">Of a private one.</param>
internal sealed class RunningTurn(TurnBuffer buffer, UserId owner, SealedProgress? @sealed, CancellationToken shutdown) : IDisposable
{
    readonly CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
    readonly Dictionary<int, long> began = [];
    readonly TaskCompletionSource stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TurnId Id => Buffer.Turn.TurnId;

    public TurnBuffer Buffer { get; } = buffer;

    /// <summary>Whose question it answers.</summary>
    public UserId Owner { get; } = owner;

    /// <summary>Null for one that may be written down as it is.</summary>
    public SealedProgress? Sealed { get; } = @sealed;

    /// <summary>Who answers, as far as it is known by now. Only the runner sets and reads it.</summary>
    public string ModelId { get; set; } = buffer.Turn.ModelId;

    /// <summary>Completes when the turn is stored, is cancelled when it could not be. Before, nothing that lasts may be done for it.</summary>
    public Task Stored => stored.Task;

    /// <summary>Cancelled when the turn is stopped or the node shuts down.</summary>
    public CancellationToken Cancelled => cancellation.Token;

    public bool StoppedByPerson { get; private set; }

    /// <summary>Remembers when a part began. Only the runner asks.</summary>
    public void Began(int ordinal, TimeProvider clock) => began[ordinal] = clock.GetTimestamp();

    /// <summary>Milliseconds since a part began; null when it did so in an earlier turn.</summary>
    public long? Since(int ordinal, TimeProvider clock)
        => began.TryGetValue(ordinal, out var start) ? (long)clock.GetElapsedTime(start).TotalMilliseconds : null;

    /// <summary>Says something about the answer that is not the model's; once each.</summary>
    public void Note(string code, string? text = null) => Buffer.ChangeParts((parts, at) =>
    {
        if (parts.Whole.All(part => part.Code != code))
            parts.Put(new MessagePart(parts.NextOrdinal, "note", at) { Code = code, Text = text });
    });

    public void Confirm() => stored.TrySetResult();

    /// <summary>The turn was never stored: nobody knows of it and nobody will.</summary>
    public void Abandon()
    {
        stored.TrySetCanceled();
        Cancel();
    }

    public void Stop()
    {
        StoppedByPerson = true;
        Cancel();
    }

    public void Dispose() => cancellation.Dispose();

    void Cancel()
    {
        try
        {
            cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this very moment.
        }
    }
}
