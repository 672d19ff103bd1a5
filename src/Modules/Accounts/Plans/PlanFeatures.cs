using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Plans;

/// <summary>
/// What a plan opens, beside its amounts. That is what <see cref="Permissions"/> says of the role: there is no second table. Which models a
/// plan may use is said by the <c>plans</c> of the gateway's routes; those on this machine are for everybody.
/// </summary>
internal static class PlanFeatures
{
    /// <param name="Name">A permission, or <c>models.local</c>.</param>
    public sealed record Feature(string Name, bool Included);

    /// <summary>Needs no permission: every plan has it.</summary>
    const string LocalModels = "models.local";

    static readonly string[] Gated = [Permissions.ImagesGenerate, Permissions.ToolsRun];

    internal static IReadOnlyList<Feature> Of(string plan)
        => [new(LocalModels, Included: true), .. Gated.Select(name => new Feature(name, Permissions.Has(plan, name)))];
}
