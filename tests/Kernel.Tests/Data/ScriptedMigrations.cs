using System.Reflection;
using System.Text;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Kernel.Tests.Data;

/// <summary>An assembly whose only contents are the migrations a test gives it.</summary>
internal sealed class ScriptedMigrations(params (string Name, string Sql)[] scripts) : Assembly
{
    public static MigrationSource Source(string schema, params (string Name, string Sql)[] scripts) => new(schema, new ScriptedMigrations(scripts));

    /// <summary>Tells one script from another, as the cache of template databases needs.</summary>
    public override string FullName => string.Join(';', scripts);

    public override string[] GetManifestResourceNames() => [.. scripts.Select(script => Resource(script.Name))];

    public override Stream? GetManifestResourceStream(string name)
        => new MemoryStream(Encoding.UTF8.GetBytes(scripts.Single(script => Resource(script.Name) == name).Sql));

    static string Resource(string name) => $"Scripted.Migrations.{name}.sql";
}
