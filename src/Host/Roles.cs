namespace JeanTrail.Host;

/// <summary>What this process does. By default one process does everything.</summary>
internal sealed class Roles
{
    public const string Web = "web";
    public const string Worker = "worker";

    static readonly string[] Known = [Web, Worker];
    readonly HashSet<string> active;

    /// <param name="configuration">Reads <c>Roles</c>: a list, or names separated by commas.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A name is not a role.</exception>
    public Roles(IConfiguration configuration)
    {
        var listed = configuration.GetSection("Roles").Get<string[]>() ?? configuration["Roles"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        active = [.. listed is { Length: > 0 } ? listed : Known];
        if (active.FirstOrDefault(role => !Known.Contains(role)) is { } unknown)
            throw new Microsoft.Extensions.Options.OptionsValidationException("Roles", typeof(Roles), [$"'{unknown}' is not a role. Known: {string.Join(", ", Known)}."]);
    }

    public bool Has(string role) => active.Contains(role);
}
