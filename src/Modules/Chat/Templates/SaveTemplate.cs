using System.ComponentModel.DataAnnotations;
using JeanTrail.Chat.Messages;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Templates;

/// <summary>Makes, changes and deletes templates. Those who manage people may change and delete what others share, and nothing they do not.</summary>
internal static class SaveTemplate
{
    /// <param name="Trade"><c>programming ideas learning selling office language life</c>.</param>
    /// <param name="Body">Places are written <c>{{name}}</c>, each described in <paramref name="Variables"/>.</param>
    /// <param name="Shared">Whether everybody on this server sees it.</param>
    public sealed record Request(
        [property: Required, StringLength(40)] string Trade,
        [property: Required, StringLength(80, MinimumLength = 1)] string Name,
        [property: Required, StringLength(20_000, MinimumLength = 1)] string Body,
        [property: StringLength(200)] string? About = null,
        [property: MaxLength(TemplateRules.MaxVariables)] IReadOnlyList<Variable>? Variables = null,
        bool Shared = false);

    /// <summary>A place to fill in.</summary>
    /// <param name="Name">As it stands in the body: letters, digits and underscores.</param>
    /// <param name="Label">What the form asks.</param>
    /// <param name="Kind"><c>text long choice</c>.</param>
    /// <param name="Choices">What one can choose; for <c>choice</c> only.</param>
    /// <param name="Standard">What stands there to begin with.</param>
    public sealed record Variable(
        [property: Required, RegularExpression("^[a-z][a-z0-9_]{0,39}$")] string Name,
        [property: Required, StringLength(120, MinimumLength = 1)] string Label,
        [property: Required, RegularExpression("^(text|long|choice)$")] string Kind,
        [property: MaxLength(20)] IReadOnlyList<string>? Choices = null,
        [property: StringLength(2_000)] string? Standard = null);

    const string InsertSql = """
        insert into chat.template (template_id, owner_id, trade, name, about, body, variables, shared, created_at, updated_at)
        select @Id, @Owner, @Trade::text, @Name::text, @About::text, @Body::text, @Variables::jsonb, @Shared, @Now, @Now
        where (select count(*) from chat.template t where t.owner_id = @Owner) < @Most
        on conflict (template_id) do update set owner_id = excluded.owner_id where template.owner_id = excluded.owner_id
        """;

    const string UpdateSql = """
        update chat.template set trade = @Trade, name = @Name, about = @About, body = @Body, variables = @Variables::jsonb, shared = @Shared, updated_at = @Now
        where template_id = @Id and (owner_id = @Owner or (@Manages::boolean and shared))
        """;

    const string DeleteSql = "delete from chat.template where template_id = @Id and (owner_id = @Owner or (@Manages::boolean and shared))";

    internal static void Map(RouteGroupBuilder routes)
    {
        var example = Template.Example;
        var request = new Request(example.Trade, example.Name, example.Body, example.About, example.Variables);
        routes.MapPost("/templates", HandleCreate).WithIdempotency()
            .WithName("Chat_CreateTemplate").WithSummary("Keep a template").WithExample(request, example);
        routes.MapPut("/templates/{id:guid}", HandleChange).ReachesAllWith(Permissions.UsersManage)
            .WithName("Chat_ChangeTemplate").WithSummary("Change a template").WithExample(request);
        routes.MapDelete("/templates/{id:guid}", HandleDelete).ReachesAllWith(Permissions.UsersManage)
            .WithName("Chat_DeleteTemplate").WithSummary("Delete a template");
    }

    static async Task<Results<Created<Template>, ProblemHttpResult>> HandleCreate(
        Request request, HttpRequest http, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        if (Fault(request) is { } fault)
            return KernelErrors.BadRequest(fault).ToProblem();
        // Asked again after a crash it is the same template.
        var id = IdempotencyMetadata.IdFor(http, caller.UserId) ?? Ids.New(clock);
        if (await db.ExecuteAsync(InsertSql, Values(id, request, caller, clock), cancel) == 0)
            return ChatErrors.TooManyTemplates.ToProblem();
        return TypedResults.Created($"/api/chat/templates/{id}", new Template(
            id.ToString(), "own", request.Trade, request.Name.Trim(), request.About?.Trim() ?? "", request.Body, request.Variables ?? [], request.Shared, CanEdit: true));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> HandleChange(Guid id, Request request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        if (Fault(request) is { } fault)
            return KernelErrors.BadRequest(fault).ToProblem();
        return await db.ExecuteAsync(UpdateSql, Values(id, request, caller, clock), cancel) == 0 ? ChatErrors.TemplateNotFound.ToProblem() : TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> HandleDelete(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.ExecuteAsync(DeleteSql, new { Id = id, Owner = caller.UserId, Manages = caller.May(Permissions.UsersManage) }, cancel) == 0
            ? ChatErrors.TemplateNotFound.ToProblem() : TypedResults.NoContent();

    static string? Fault(Request request)
        => $"{request.Name}{request.About}{request.Body}{ChatJson.Write(request.Variables)}".Contains('\0', StringComparison.Ordinal)
            ? "The text holds a character that cannot be kept."
            : TemplateRules.Fault(request.Trade, request.Body, request.Variables ?? [], request.Name, request.Body);

    static object Values(Guid id, Request request, Caller caller, TimeProvider clock) => new
    {
        Id = id,
        Owner = caller.UserId,
        Manages = caller.May(Permissions.UsersManage),
        request.Trade,
        Name = request.Name.Trim(),
        About = request.About?.Trim() ?? "",
        request.Body,
        Variables = ChatJson.Write(request.Variables ?? []),
        request.Shared,
        Now = clock.GetUtcNow(),
        Most = TemplateRules.MaxOwn,
    };
}
