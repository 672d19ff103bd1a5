using JeanTrail.Gateway.Local;

namespace JeanTrail.Gateway.Dialects;

/// <summary>All dialects by the kind of provider that speaks them.</summary>
internal sealed class DialectSet(IEnumerable<IDialect> dialects)
{
    readonly Dictionary<string, IDialect> byName = dialects.ToDictionary(dialect => dialect.Name, StringComparer.Ordinal);

    /// <summary>The kinds of providers that can be connected.</summary>
    internal IReadOnlyCollection<string> Kinds { get; } = [.. dialects.Select(dialect => dialect.Name).Where(name => name != LocalDialect.Kind)];

    /// <summary>The column's check constraint allows only kinds that have one.</summary>
    internal IDialect Of(string kind) => byName[kind];
}
