using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Agents.Notes;

internal static class NoteEndpoints
{
    public sealed record Request([property: Required, StringLength(NoteBook.MaxLength, MinimumLength = 1)] string Text);

    public sealed record Response(Guid Id, string Text, DateTimeOffset CreatedAt);

    static readonly Response Example = new(new Guid("019cebb0-1a47-7e08-b8f5-6c3d90a2e154"), "The lighthouse opens at two.", new(2026, 3, 14, 9, 31, 53, TimeSpan.Zero));

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/notes", List).WithName("Agents_ListNotes").WithSummary("Lists the notes, newest first.").RequireAuthorization(Policies.SignedIn)
            .WithExample(response: Page.Whole<Response>([Example]));
        routes.MapPost("/notes", Add).WithName("Agents_AddNote").WithSummary("Keeps a note.").RequireAuthorization(Policies.SignedIn)
            .WithExample(new Request(Example.Text), Example).ProducesValidationProblem();
        routes.MapDelete("/notes/{id:guid}", Delete).WithName("Agents_DeleteNote").WithSummary("Deletes a note.").RequireAuthorization(Policies.SignedIn)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<Ok<Page<Response>>> List(Caller caller, NoteBook notes, PageRequest page, CancellationToken cancel)
        => TypedResults.Ok(Page.From(
            await notes.ListAsync(caller.UserId, page.Take, cancel, page.At, page.Id), page, note => (note.CreatedAt, note.Id), ToResponse));

    static async Task<Results<Created<Response>, ProblemHttpResult>> Add(Request request, Caller caller, NoteBook notes, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(request.Text) || request.Text.Contains('\0', StringComparison.Ordinal))
            return AgentsErrors.NoteEmpty.ToProblem();
        var note = await notes.AddAsync(caller.UserId, request.Text.Trim(), cancel);
        return TypedResults.Created($"/api/agents/notes/{note.Id}", ToResponse(note));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, Caller caller, NoteBook notes, CancellationToken cancel)
        => await notes.DeleteAsync(caller.UserId, id, cancel) ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();

    static Response ToResponse(Note note) => new(note.Id, note.Text, note.CreatedAt);
}
