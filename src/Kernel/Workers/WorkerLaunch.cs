using System.Diagnostics;

namespace JeanTrail.Kernel.Workers;

/// <summary>Starts a worker's program with an environment of its own.</summary>
internal static class WorkerLaunch
{
    static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TMPDIR"];

    /// <summary>Throws what <see cref="Process.Start()"/> throws.</summary>
    internal static Process Start(WorkerCommand command, WorkerChannel channel)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        var inherited = Inherited.Select(key => (key, value: start.Environment.TryGetValue(key, out var found) ? found : null)).ToArray();
        start.Environment.Clear();
        foreach (var (key, value) in inherited)
            if (value is not null)
                start.Environment[key] = value;
        foreach (var (key, value) in command.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[key] = value;
        if (channel.Address is { } address)
            start.Environment[WorkerCommand.AddressVariable] = address;
        return Process.Start(start) ?? throw new InvalidOperationException($"{command.FileName} did not start.");
    }
}
