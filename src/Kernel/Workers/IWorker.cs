namespace JeanTrail.Kernel.Workers;

/// <summary>How to start a supervised worker process.</summary>
/// <param name="Name">For logs and metrics, such as <c>voice</c>.</param>
/// <param name="FileName">The program.</param>
/// <param name="Environment">The whole environment of the process; nothing is inherited but PATH, HOME, LANG and TMPDIR.</param>
public sealed record WorkerCommand(string Name, string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string>? Environment = null)
{
    /// <summary>
    /// Frames go over a unix socket (a named pipe on Windows) instead of stdin and stdout, for programs whose libraries print. Its address
    /// is in <see cref="AddressVariable"/>; what the program prints goes to the log; the end of its stdin still is the end of the server.
    /// </summary>
    public bool UsesSocket { get; init; }

    /// <summary>The environment variable that tells a worker where to connect.</summary>
    public const string AddressVariable = "JEAN_WORKER_ADDRESS";
}

/// <summary>Whether a worker can be used.</summary>
public enum WorkerState
{
    Starting,
    Ready,

    /// <summary>Ended and waiting for its next start.</summary>
    BackingOff,

    /// <summary>Ended too often in a short time; it is started again only after a long pause.</summary>
    CrashLoop,
    Stopped,
}
