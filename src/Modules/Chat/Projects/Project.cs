namespace JeanTrail.Chat.Projects;

/// <summary>A folder of conversations that share instructions.</summary>
/// <param name="Conversations">How many there are in it, without those in the bin.</param>
internal sealed record Project(Guid Id, string Name, string Instructions, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Conversations)
{
    internal static Project Example { get; } = new(
        new Guid("019cebae-4c11-7a35-b0d2-58f7a1e4c690"), "Harbour tour", "We are planning for a family with two children.", ExampleTalk.BegunAt, ExampleTalk.BegunAt, 3);
}

internal static class ProjectSql
{
    /// <summary>Selects <see cref="Project"/>; the caller adds the <c>where</c>.</summary>
    internal const string Select = """
        select p.project_id as id, p.name, p.instructions, p.created_at, p.updated_at,
            (select count(*) from chat.conversation c where c.project_id = p.project_id and c.deleted_at is null) as conversations
        from chat.project p
        """;

    internal const string FindOwned = Select + " where p.project_id = @Id and p.owner_id = @Owner";
}
