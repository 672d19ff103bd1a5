using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Hosting;

/// <summary>This running process among the nodes of one installation.</summary>
/// <param name="Id">New at every start: what an earlier run left behind belongs to a dead node.</param>
/// <param name="Name">For people: machine and process id.</param>
public sealed record NodeIdentity(Guid Id, string Name)
{
    /// <summary>An identity for the process that runs.</summary>
    public static NodeIdentity Create(TimeProvider clock) => new(Ids.New(clock), $"{Environment.MachineName}:{Environment.ProcessId}");
}
