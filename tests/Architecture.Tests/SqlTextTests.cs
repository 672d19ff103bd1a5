namespace JeanTrail.Architecture.Tests;

public sealed class SqlTextTests
{
    static readonly string[] Schemas = [.. Repository.Modules.Select(SchemaOf), "kernel"];

    public static TheoryData<string> Modules => [.. Repository.Modules];

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_touches_its_own_tables_only(string module)
    {
        var assembly = Repository.Module(module);

        SqlText.Constants(assembly.GetTypes()).Concat(SqlText.Migrations(assembly))
            .SelectMany(sql => SqlText.ForeignSchemas(sql, SchemaOf(module), Schemas))
            .ShouldBeEmpty();
    }

    [Fact]
    public void The_kernel_touches_no_module()
        => SqlText.Constants(Repository.Kernel.GetTypes()).Concat(SqlText.Migrations(Repository.Kernel))
            .SelectMany(sql => SqlText.ForeignSchemas(sql, "kernel", Schemas))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("select 1 from chat.conversation c join accounts.user u on u.user_id = c.owner_id")]
    [InlineData("select 1 from \"accounts\".\"user\"")]
    [InlineData("create table chat.x (id uuid references accounts.user)")]
    [InlineData("insert into chat.x select * from Accounts . user")]
    public void A_statement_that_reaches_into_another_module_is_found(string sql)
        => SqlText.ForeignSchemas(new SqlConstant("Sample", sql), "chat", ["accounts", "chat", "kernel"]).ShouldBe(["Sample reaches into the schema accounts."]);

    [Theory]
    [InlineData("select chat.conversation.id from chat.conversation join kernel.job using (id)")]
    [InlineData("select 'accounts.user' -- accounts.user")]
    [InlineData("select * from chat.turn /* see accounts.user */")]
    [InlineData("select my_accounts.user from chat.x my_accounts")]
    public void Its_own_tables_the_kernels_and_mere_words_are_right(string sql)
        => SqlText.ForeignSchemas(new SqlConstant("Sample", sql), "chat", ["accounts", "chat", "kernel"]).ShouldBeEmpty();

    [Fact]
    public void Private_constants_are_found_and_other_texts_are_not()
        => SqlText.Constants([typeof(Samples)]).Select(sql => sql.Place.Split('.')[^1]).ShouldBe(["Find", "Change"], ignoreOrder: true);

    internal static string SchemaOf(string module) => module.ToLowerInvariant();

    static class Samples
    {
        internal const string Message = "Select a model first.";
        internal const string Columns = "id, name";
        internal const string Change = """
            update sample.thing set name = @Name
            """;

        const string Find = "select id from sample.thing";

        internal static string Use => Find;
    }
}
