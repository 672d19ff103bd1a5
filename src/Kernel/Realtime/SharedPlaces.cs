using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Realtime;

/// <summary>
/// Places that several people share, such as a workspace of a team: <c>kernel.place_person</c> says who is in each, and the rules of every module
/// ask it. Whoever is taken out of one is told of to all nodes, as the change is committed.
/// </summary>
public static class SharedPlaces
{
    /// <summary>Somebody is in a place no more: what they hold open asks again whether it may.</summary>
    public const string LeftChannel = "kernel.place-left";

    /// <summary>Whom a message of <see cref="LeftChannel"/> is about.</summary>
    public static UserId? PersonOf(string payload) => Guid.TryParse(payload, out var id) ? new UserId(id) : null;
}
