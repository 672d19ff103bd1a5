using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway;

internal static class GatewayCaller
{
    /// <summary>Whether this is somebody, such as the owner, who sees everybody's keys and calls.</summary>
    internal static bool IsOwner(this Caller caller) => caller.May(Permissions.GatewayWatch);
}
