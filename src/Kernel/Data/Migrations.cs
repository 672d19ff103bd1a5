using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Data;

/// <summary>The migrations of one schema: the embedded <c>Migrations/*.sql</c> of an assembly, applied in the order of their names.</summary>
/// <param name="Schema">The PostgreSQL schema they own.</param>
public sealed record MigrationSource(string Schema, Assembly Assembly);

public static class MigrationRegistration
{
    /// <summary>Registers a module's migrations; <see cref="Migrator"/> applies them in the order of registration.</summary>
    public static IServiceCollection AddMigrations(this IServiceCollection services, string schema, Assembly assembly)
        => services.AddSingleton(new MigrationSource(schema, assembly));
}
