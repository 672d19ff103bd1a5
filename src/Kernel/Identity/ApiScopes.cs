using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;

namespace JeanTrail.Kernel.Identity;

/// <summary>
/// What personal API keys may be good for, by name. The table below is the only place that says what each scope opens; an endpoint opts in
/// with <see cref="ApiScopeConvention"/>, and one that does not refuses every key.
/// </summary>
public static class ApiScopes
{
    /// <summary>The person's preferences.</summary>
    public const string AccountRead = "account.read";

    /// <summary>Changing the preferences.</summary>
    public const string AccountWrite = "account.write";

    /// <summary>Conversations, messages and running turns.</summary>
    public const string ChatRead = "chat.read";

    /// <summary>Starting, changing and deleting conversations and turns, which may cost money.</summary>
    public const string ChatWrite = "chat.write";

    /// <summary>Notes, reminders and the list of skills.</summary>
    public const string AgentsRead = "agents.read";

    /// <summary>Keeping and deleting notes and reminders.</summary>
    public const string AgentsWrite = "agents.write";

    /// <summary>Voices and speech.</summary>
    public const string VoiceUse = "voice.use";

    /// <summary>Models, calls and what they cost.</summary>
    public const string GatewayRead = "gateway.read";

    static readonly (string Name, string Opens)[] Table =
    [
        (AccountRead, "Read preferences"),
        (AccountWrite, "Change preferences"),
        (ChatRead, "Read conversations"),
        (ChatWrite, "Write in conversations, change and delete them"),
        (AgentsRead, "Read notes and reminders"),
        (AgentsWrite, "Add and delete notes and reminders"),
        (VoiceUse, "Have text spoken"),
        (GatewayRead, "Read models, calls and costs"),
    ];

    static readonly FrozenSet<string> Known = Table.Select(row => row.Name).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every scope with what it opens.</summary>
    public static IReadOnlyList<ApiScope> All { get; } = [.. Table.Select(row => new ApiScope(row.Name, row.Opens))];

    public static bool Exists(string name) => Known.Contains(name);
}

/// <param name="Name">Such as <c>chat.read</c>.</param>
/// <param name="Opens">A few words in English, for programmers.</param>
public sealed record ApiScope(string Name, string Opens);

/// <summary>In an endpoint's metadata: keys may call it.</summary>
/// <param name="Read">The scope that safe methods ask for; null asks for none.</param>
/// <param name="Write">The scope that all other methods ask for; null asks for none.</param>
public sealed record KeyAccess(string? Read, string? Write);

public static class ApiScopeConvention
{
    /// <summary>Lets keys with the scope call these endpoints. What the key's person may not do the key may not either.</summary>
    /// <param name="read">One of <see cref="ApiScopes"/>, for GET and HEAD.</param>
    /// <param name="write">For all other methods.</param>
    public static TBuilder OpenToKeys<TBuilder>(this TBuilder endpoint, string read, string write)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new KeyAccess(read, write));

    /// <summary>Lets keys with the scope call this endpoint.</summary>
    public static TBuilder OpenToKeys<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.OpenToKeys(scope, scope);

    /// <summary>Lets every key call this endpoint, which is about that key alone.</summary>
    public static TBuilder OpenToEveryKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new KeyAccess(null, null));
}
