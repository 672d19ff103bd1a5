namespace JeanTrail.Contracts.Accounts;

/// <summary>What Accounts tells all nodes over <c>IBroadcast</c>.</summary>
public static class UserBroadcasts
{
    /// <summary>
    /// A person was suspended or restored, or has another role: forget what you believe about them. The payload is the id, as 32 digits.
    /// Sent after the change is committed; best effort, so believe nothing for longer than half a minute.
    /// </summary>
    public const string Changed = "accounts.user-changed";
}
