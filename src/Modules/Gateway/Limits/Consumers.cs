using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Limits;

/// <summary>Who calls from within are for: a person of this server, on their plan.</summary>
internal sealed class Consumers(IUserDirectory users, ITeams teams, ICache cache)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>What somebody counts as whose account is not there: work that goes on for a person who has gone.</summary>
    const string NoPlan = "free";

    internal Task<Consumer> FindAsync(UserId user, CancellationToken cancel)
        => cache.GetOrAddAsync(
            $"gateway.consumer:{user.Value}",
            Lifetime,
            async inner => new Consumer(user, (await users.FindAsync(user, inner))?.Role ?? NoPlan) { Teams = await TeamsOfAsync(teams, user, inner) },
            cancel);

    /// <summary>Whoever joins or leaves counts so within half a minute.</summary>
    internal static async Task<TeamSet> TeamsOfAsync(ITeams teams, UserId user, CancellationToken cancel)
    {
        var memberships = await teams.OfAsync(user, cancel);
        return memberships.Count == 0 ? TeamSet.None : new TeamSet(memberships.Select(membership => membership.TeamId));
    }
}
