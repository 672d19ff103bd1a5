using JeanTrail.Kernel.Data;
using JeanTrail.Testing;
using Npgsql;

namespace JeanTrail.Architecture.Tests;

/// <summary>Has the server parse every statement against the migrated schema: a renamed column is found here, not by a person.</summary>
internal static class SqlPreparation
{
    /// <summary>The statements the server does not accept. Their parameters have no types, so one whose type does not show needs a cast.</summary>
    internal static async Task<List<string>> FailuresAsync(NpgsqlDataSource source, IEnumerable<SqlConstant> constants)
    {
        var failures = new List<string>();
        await using var connection = await source.OpenConnectionAsync();
        foreach (var constant in constants)
        {
            try
            {
                // CA2100: constants of our own code.
#pragma warning disable CA2100
                await using var command = new NpgsqlCommand(constant.Sql, connection);
#pragma warning restore CA2100
                NpgsqlCommandBuilder.DeriveParameters(command);
            }
            catch (PostgresException failure)
            {
                failures.Add($"{constant.Place}: {failure.MessageText} ({failure.SqlState})");
            }
        }

        return failures;
    }
}

public sealed class SqlPreparationTests(SqlPreparationTests.WholeDatabase database) : IClassFixture<SqlPreparationTests.WholeDatabase>
{
    [Fact]
    public async Task The_server_accepts_every_statement()
    {
        var constants = Repository.Modules.Select(Repository.Module).Append(Repository.Kernel)
            .SelectMany(assembly => SqlText.Constants(assembly.GetTypes())).ToList();

        constants.Count.ShouldBeGreaterThan(50);
        (await SqlPreparation.FailuresAsync(database.Database.Source, constants)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("select nothing_like_this from kernel.migration")]
    [InlineData("select 1 from kernel.no_such_table")]
    [InlineData("update kernel.migration set name = @Name where where")]
    [InlineData("insert into kernel.migration (schema_name) values (@One, @Two)")]
    [InlineData("select name from kernel.migration where applied_at = @At::int")]
    public async Task A_statement_that_does_not_fit_the_schema_is_found(string sql)
        => (await SqlPreparation.FailuresAsync(database.Database.Source, [new SqlConstant("Sample", sql)])).ShouldHaveSingleItem().ShouldStartWith("Sample: ");

    [Fact]
    public async Task A_statement_that_fits_is_right()
        => (await SqlPreparation.FailuresAsync(database.Database.Source, [new SqlConstant("Sample", "select name from kernel.migration where applied_at < @At and name = any(@Names)")])).ShouldBeEmpty();

    public sealed class WholeDatabase() : DatabaseFixture([.. Repository.Modules.Select(module => new MigrationSource(SqlTextTests.SchemaOf(module), Repository.Module(module)))]);
}
