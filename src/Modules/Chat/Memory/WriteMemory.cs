using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Memory;

/// <summary>The person writes down what Jean should keep, or changes it.</summary>
internal static class WriteMemory
{
    /// <param name="Kind"><c>identity preference people work plan other</c>.</param>
    /// <param name="ProjectId">Where it is told; absent for everywhere.</param>
    /// <param name="ExpiresAt">From when it is told no more; absent for never.</param>
    public sealed record Request(
        [property: Required, StringLength(MemoryRules.LongestText)] string Text,
        [property: Required, RegularExpression(MemoryRules.Kinds)] string Kind = "other",
        Guid? ProjectId = null,
        DateTimeOffset? ExpiresAt = null);

    const string ChangeSql = """
        update chat.memory k set text = @Text, kind = @Kind, project_id = @ProjectId, expires_at = @ExpiresAt, updated_at = @Now,
            state = case when k.state = 'proposed' then k.state else 'kept' end
        where k.memory_id = @Id and k.owner_id = @Owner and k.deleted_at is null
            and (@ProjectId::uuid is null or exists (select from chat.project p where p.project_id = @ProjectId and p.owner_id = @Owner))
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        var example = new Request(MemoryFact.Example.Text, MemoryFact.Example.Kind);
        routes.MapPost("/memory", AddAsync).WithIdempotency()
            .WithName("Chat_AddMemory").WithSummary("Write down something for Jean to keep").WithExample(example, MemoryFact.Example);
        routes.MapPut("/memory/{id:guid}", ChangeAsync)
            .WithName("Chat_ChangeMemory").WithSummary("Change what Jean keeps: its words, where it is told, and until when").WithExample(example, MemoryFact.Example);
    }

    static async Task<Results<Ok<MemoryFact>, ProblemHttpResult>> AddAsync(Request request, Caller caller, MemoryBook book, TimeProvider clock, CancellationToken cancel)
    {
        if (Fault(request, clock) is { } fault)
            return fault.ToProblem();
        var added = await book.AddAsync(
            caller.UserId, new NewFact(MemoryRules.Clean(request.Text), request.Kind, request.ProjectId, "kept", ExpiresAt: request.ExpiresAt?.ToUniversalTime()), cancel);
        return added.TryGet(out var fact, out var refused) ? TypedResults.Ok(fact) : refused.ToProblem();
    }

    static async Task<Results<Ok<MemoryFact>, ProblemHttpResult>> ChangeAsync(
        Guid id, Request request, Caller caller, Db db, MemoryBook book, TimeProvider clock, CancellationToken cancel)
    {
        if (Fault(request, clock) is { } fault)
            return fault.ToProblem();
        var row = new
        {
            Id = new MemoryId(id),
            Owner = caller.UserId,
            Text = MemoryRules.Clean(request.Text),
            request.Kind,
            request.ProjectId,
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
            Now = clock.GetUtcNow(),
        };
        if (await db.ExecuteAsync(ChangeSql, row, cancel) == 0)
            return ChatErrors.MemoryNotFound.ToProblem();
        await book.ChangedAsync(caller.UserId, cancel);
        return await db.FindAsync<MemoryFact>(MemorySql.FindOwned, row, cancel) is { } changed ? TypedResults.Ok(changed) : ChatErrors.MemoryNotFound.ToProblem();
    }

    static Error? Fault(Request request, TimeProvider clock)
        => MemoryRules.Clean(request.Text).Length == 0 ? KernelErrors.BadRequest("There is nothing to keep.")
            : request.ExpiresAt <= clock.GetUtcNow() ? KernelErrors.BadRequest("It would have expired already.") : null;
}
