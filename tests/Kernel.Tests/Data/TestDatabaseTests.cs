using JeanTrail.Testing;

namespace JeanTrail.Kernel.Tests.Data;

public sealed class TestDatabaseTests(KernelDatabase database) : IClassFixture<KernelDatabase>
{
    [Fact]
    public async Task A_cloned_database_has_the_kernels_schema()
    {
        var schemas = await database.Db.QueryAsync<string>("select nspname::text from pg_namespace where nspname = 'kernel'", null, CancellationToken.None);

        schemas.ShouldBe(["kernel"]);
    }

    [Fact]
    public async Task Two_databases_do_not_see_each_other()
    {
        await using var one = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();

        await one.Db.ExecuteAsync("create table public.only_here (id int)", null, CancellationToken.None);

        (await other.Db.FindAsync<bool>("select to_regclass('public.only_here') is null", null, CancellationToken.None)).ShouldBeTrue();
    }
}
