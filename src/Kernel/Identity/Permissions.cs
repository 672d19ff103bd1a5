using System.Collections.Frozen;

namespace JeanTrail.Kernel.Identity;

/// <summary>
/// What people may do, by name. Each name is also the name of an authorisation policy; the table below is the only place that says which
/// role has which.
/// </summary>
public static class Permissions
{
    /// <summary>Everything that decides how the server runs and what it may spend.</summary>
    public const string ServerManage = "server.manage";

    /// <summary>Other people's accounts: look, search, role, suspend, restore, sign out.</summary>
    public const string UsersManage = "users.manage";

    /// <summary>Acting as another person, for an hour and on the record.</summary>
    public const string UsersImpersonate = "users.impersonate";

    /// <summary>Providers, routes, prices and limits of everybody's model calls.</summary>
    public const string GatewayManage = "gateway.manage";

    /// <summary>Everybody's virtual keys and calls.</summary>
    public const string GatewayWatch = "gateway.watch";

    /// <summary>The record of who did what.</summary>
    public const string AuditRead = "audit.read";

    /// <summary>Pictures by paid models.</summary>
    public const string ImagesGenerate = "images.generate";

    /// <summary>Tools that act outside of the conversation.</summary>
    public const string ToolsRun = "tools.run";

    static readonly (string Name, string[] Roles)[] Table =
    [
        (ServerManage, [UserRoles.Owner]),
        (UsersManage, [UserRoles.Owner, UserRoles.Admin]),
        (UsersImpersonate, [UserRoles.Owner]),
        (GatewayManage, [UserRoles.Owner]),
        (GatewayWatch, [UserRoles.Owner]),
        (AuditRead, [UserRoles.Owner, UserRoles.Admin]),
        (ImagesGenerate, [UserRoles.Owner, UserRoles.Admin, UserRoles.Premium]),
        (ToolsRun, [UserRoles.Owner, UserRoles.Admin, UserRoles.Premium]),
    ];

    static readonly FrozenSet<(string Role, string Permission)> Granted
        = Table.SelectMany(row => row.Roles.Select(role => (role, row.Name))).ToFrozenSet();

    /// <summary>Every permission with the roles that have it.</summary>
    public static IReadOnlyList<PermissionGrant> All { get; } = [.. Table.Select(row => new PermissionGrant(row.Name, row.Roles))];

    /// <summary>False for a role or a permission that does not exist.</summary>
    public static bool Has(string role, string permission) => Granted.Contains((role, permission));

    /// <summary>The names of what a role may do.</summary>
    public static IReadOnlyList<string> Of(string role) => [.. Table.Where(row => row.Roles.Contains(role, StringComparer.Ordinal)).Select(row => row.Name)];
}

/// <param name="Name">Such as <c>users.manage</c>.</param>
/// <param name="Roles">Some of <see cref="UserRoles.All"/>.</param>
public sealed record PermissionGrant(string Name, IReadOnlyList<string> Roles);

/// <summary>What a person is on this server.</summary>
public static class UserRoles
{
    public const string Owner = "owner";
    public const string Admin = "admin";
    public const string Premium = "premium";
    public const string Free = "free";

    /// <summary>The mightiest first.</summary>
    public static IReadOnlyList<string> All { get; } = [Owner, Admin, Premium, Free];
}
