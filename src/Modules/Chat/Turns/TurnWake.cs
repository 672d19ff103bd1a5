using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Chat.Turns;

/// <summary>Nodes tell each other which turns have more written down: it only makes readers quick, and a lost message costs them a pause.</summary>
internal sealed class TurnWake : IDisposable
{
    const int IdsPerMessage = 200;

    static readonly TimeSpan PollAtLeast = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim wake = new(0, 1);
    readonly IDisposable subscription;

    public TurnWake(IBroadcast broadcast, string channel, TurnId turn)
        => subscription = broadcast.Listen(channel, (payload, _) =>
        {
            if (payload.Contains(turn.Value.ToString(), StringComparison.Ordinal) && wake.CurrentCount == 0)
                wake.Release();
            return Task.CompletedTask;
        });

    /// <param name="channel">Payload: ids of turns that have more, comma-separated.</param>
    public static async Task TellAsync(IBroadcast broadcast, string channel, IEnumerable<TurnId> turns, CancellationToken cancel)
    {
        foreach (var ids in turns.Select(turn => turn.Value.ToString()).Chunk(IdsPerMessage))
            await broadcast.SendAsync(channel, string.Join(',', ids), cancel);
    }

    /// <summary>Until there is more, or it is time to look anyway.</summary>
    public Task WaitAsync(CancellationToken cancel) => wake.WaitAsync(PollAtLeast, cancel);

    public void Dispose()
    {
        subscription.Dispose();
        wake.Dispose();
    }
}
