using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Hosting;

/// <summary>This running process among the nodes of one installation.</summary>
/// <param name="Id">New at every start.</param>
/// <param name="Name">For people: machine and process id.</param>
internal sealed record NodeIdentity(Guid Id, string Name)
{
    internal static NodeIdentity Create(TimeProvider clock) => new(Ids.New(clock), $"{Environment.MachineName}:{Environment.ProcessId}");
}
