using System.ComponentModel.DataAnnotations;
using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Conversations;

/// <summary>Where a conversation belongs: its project and its tags.</summary>
internal static class SortConversation
{
    const int MostTags = 12;

    public sealed record ProjectRequest(Guid? ProjectId);

    public sealed record TagsRequest([property: Required, MaxLength(MostTags)] IReadOnlyList<string> Tags);

    const string MyProjectSql = "select 1 from chat.project p where p.project_id = @Project and chat.project_role(p, @Owner) is not null";

    const string ProjectSql = "update chat.conversation set project_id = @Project where conversation_id = @Id and owner_id = @Owner and deleted_at is null";

    const string TagsSql = """
        update chat.conversation set tags = @Tags, tags_source = 'manual' where conversation_id = @Id and owner_id = @Owner and deleted_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        var one = routes.MapGroup("/conversations/{id:guid}");
        one.MapPut("/project", MoveAsync)
            .WithName("Chat_MoveConversation").WithSummary("Put a conversation into a project; null takes it out")
            .WithExample(new ProjectRequest(Projects.Project.Example.Id));
        one.MapPut("/tags", TagAsync)
            .WithName("Chat_TagConversation").WithSummary("Set the tags of a conversation; Jean then leaves them alone")
            .WithExample(new TagsRequest(["travel", "riga"]));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> MoveAsync(
        Guid id, ProjectRequest request, Caller caller, Db db, ConversationChanges changes, CancellationToken cancel)
        => request.ProjectId is { } project && await db.FindAsync<int?>(MyProjectSql, new { Project = project, Owner = caller.UserId }, cancel) is null
            ? ChatErrors.ProjectNotFound.ToProblem()
            : await changes.ApplyAsync(ProjectSql, ChatRole.Owner, id, caller, new { Project = request.ProjectId }, cancel);

    static async Task<Results<NoContent, ProblemHttpResult>> TagAsync(Guid id, TagsRequest request, Caller caller, ConversationChanges changes, CancellationToken cancel)
        => TagRules.Clean(request.Tags) is { } tags
            ? await changes.ApplyAsync(TagsSql, ChatRole.Owner, id, caller, new { Tags = tags }, cancel)
            : KernelErrors.BadRequest($"A tag has at most {TagRules.LongestTag} characters and none of them ends a line.").ToProblem();
}

/// <summary>Tags are in lower case, so that "Travel" and "travel" are one.</summary>
internal static class TagRules
{
    internal const int LongestTag = 40;

    /// <summary>Null when one cannot be a tag.</summary>
    internal static string[]? Clean(IEnumerable<string> tags)
    {
        string[] clean = [.. tags.Select(Clean).Where(tag => tag.Length > 0).Distinct(StringComparer.Ordinal)];
        return clean.All(tag => tag.Length <= LongestTag && !tag.Any(char.IsControl)) ? clean : null;
    }

    internal static string Clean(string tag) => tag.Trim().TrimStart('#').Trim().Normalize().ToLowerInvariant();
}
