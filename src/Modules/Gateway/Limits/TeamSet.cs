using JeanTrail.Contracts.Accounts;

namespace JeanTrail.Gateway.Limits;

/// <summary>The teams of somebody. Two with the same teams are the same: what concerns a consumer is remembered by it.</summary>
internal sealed class TeamSet : IEquatable<TeamSet>
{
    internal static readonly TeamSet None = new([]);

    readonly Guid[] teams;

    internal TeamSet(IEnumerable<TeamId> teams) => this.teams = [.. teams.Select(team => team.Value).Order()];

    internal bool Contains(Guid team) => Array.BinarySearch(teams, team) >= 0;

    public bool Equals(TeamSet? other) => other is not null && teams.AsSpan().SequenceEqual(other.teams);

    public override bool Equals(object? obj) => Equals(obj as TeamSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var team in teams)
            hash.Add(team);
        return hash.ToHashCode();
    }
}
