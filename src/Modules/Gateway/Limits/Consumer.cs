using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Limits;

/// <summary>Whom a call is for, which is whom it counts against.</summary>
/// <param name="Plan">The person's role: <c>owner admin premium free</c>.</param>
/// <param name="KeyId">The virtual key it came with; null for calls from within, on behalf of a signed-in person.</param>
/// <param name="TeamId">In whose name, when that is a team; nothing calls so yet.</param>
internal sealed record Consumer(UserId UserId, string Plan, Guid? KeyId = null, Guid? TeamId = null)
{
    /// <summary>The teams the person is in: a limit of a team counts all calls of its members.</summary>
    public TeamSet Teams { get; init; } = TeamSet.None;
}
