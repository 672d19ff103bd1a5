namespace JeanTrail.Kernel.Workers;

/// <summary>The worker ended, hung or broke the protocol while it had the call.</summary>
public sealed class WorkerLostException(string message) : Exception(message);

/// <summary>The worker answered that the call failed.</summary>
public sealed class WorkerFailureException(string code, string message) : Exception(message)
{
    /// <summary>The worker's own word for it.</summary>
    public string Code { get; } = code;
}

/// <summary>All workers are taken and the queue is full, or the wait was too long.</summary>
public sealed class WorkerBusyException(string message) : Exception(message);

/// <summary>No worker can be started at the moment.</summary>
public sealed class WorkerUnavailableException(string message) : Exception(message);
