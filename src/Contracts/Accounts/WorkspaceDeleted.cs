using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Contracts.Accounts;

/// <summary>A workspace is gone, alone or with its team. What hung on it belongs to nobody's workspace any more.</summary>
public sealed record WorkspaceDeleted(WorkspaceId WorkspaceId) : IEvent
{
    public static string EventName => "accounts.workspace-deleted.v1";
}
