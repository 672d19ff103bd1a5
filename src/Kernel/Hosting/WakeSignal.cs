using System.Threading.Channels;

namespace JeanTrail.Kernel.Hosting;

/// <summary>Wakes waiting loops. Signals nobody waits for are kept up to the number of loops, so none that matters is missed.</summary>
/// <param name="waiters">How many loops share it; one signal wakes one of them.</param>
internal sealed class WakeSignal(int waiters = 1)
{
    // Full means that every loop is already told to look: dropping one more telling loses nothing.
    readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(waiters) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Set() => channel.Writer.TryWrite(true);

    /// <summary>Returns when signalled or when <paramref name="pause"/> is over.</summary>
    internal async Task WaitAsync(TimeSpan pause, TimeProvider clock, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(pause, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await channel.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The pause is over.
        }
    }
}
