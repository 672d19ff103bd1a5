namespace JeanTrail.Contracts.Accounts;

/// <summary>
/// Finds people and teams by name, for pages on which whoever may decides something about them. Ask it only for those who may know everybody.
/// </summary>
public interface IParties
{
    /// <summary>Those whose name, or whose person's e-mail address, holds the text; by name. No text finds everybody.</summary>
    Task<IReadOnlyList<Party>> FindAsync(PartyKind kind, string? text, int most, CancellationToken cancel);

    /// <summary>The names of those of <paramref name="ids"/> that are there.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(PartyKind kind, IReadOnlyCollection<Guid> ids, CancellationToken cancel);
}

public enum PartyKind
{
    Person,
    Team,
}

/// <param name="Detail">What tells namesakes apart: a person's address, of a team the name of its owner.</param>
public sealed record Party(Guid Id, string Name, string Detail);
