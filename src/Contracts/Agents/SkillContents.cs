using Microsoft.Extensions.AI;

namespace JeanTrail.Contracts.Agents;

/// <summary>A <see cref="ClientAction"/> travelling in a streamed chat reply.</summary>
public sealed class ClientActionContent(ClientAction action) : AIContent
{
    public ClientAction Action { get; } = action;
}

/// <summary>A <see cref="Citation"/> travelling in a streamed chat reply.</summary>
public sealed class CitationContent(Citation citation) : AIContent
{
    public Citation Citation { get; } = citation;
}
