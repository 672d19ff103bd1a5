using System.Text.Json.Serialization;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

[JsonConverter(typeof(IdJsonConverter<TeamId>))]
public readonly record struct TeamId(Guid Value) : IId<TeamId>
{
    public static TeamId From(Guid value) => new(value);
}

/// <summary>A shared place of a team, on which modules hang things.</summary>
[JsonConverter(typeof(IdJsonConverter<WorkspaceId>))]
public readonly record struct WorkspaceId(Guid Value) : IId<WorkspaceId>
{
    public static WorkspaceId From(Guid value) => new(value);
}
