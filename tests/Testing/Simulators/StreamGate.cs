namespace JeanTrail.Testing.Simulators;

/// <summary>Holds a simulator at one point until a test lets it pass, so that no test needs to sleep.</summary>
public sealed class StreamGate
{
    readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the simulator has arrived at the gate: everything before it has been sent.</summary>
    public Task WhenReachedAsync() => reached.Task.WaitAsync(Eventually.DefaultDeadline);

    /// <summary>Lets the simulator go on. May be called before it arrives.</summary>
    public void Open() => opened.TrySetResult();

    internal Task PassAsync(CancellationToken cancel)
    {
        reached.TrySetResult();
        return opened.Task.WaitAsync(cancel);
    }
}
