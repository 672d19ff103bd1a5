using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Agents.Reminders;

internal static class ReminderEndpoints
{
    /// <param name="State"><c>scheduled</c>, <c>due</c> once its time has come, <c>done</c>.</param>
    public sealed record Response(Guid Id, string Text, DateTimeOffset DueAt, string State, DateTimeOffset CreatedAt);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/reminders", List).WithName("Agents_ListReminders").WithSummary("Lists the reminders, the next first; ?state=scheduled|due|done.")
            .WithExample(response: Page.Whole<Response>(
                [new(new Guid("019cebaf-8e22-7f13-a6d0-2b94c8e1f735"), "Buy a ticket for the harbour boat", new(2026, 3, 15, 7, 0, 0, TimeSpan.Zero), "scheduled", new(2026, 3, 14, 9, 31, 17, TimeSpan.Zero))]))
            .RequireAuthorization(Policies.SignedIn).ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapPost("/reminders/{id:guid}/done", Done).WithName("Agents_FinishReminder").WithSummary("Marks a reminder as seen to. Repeating it changes nothing.")
            .RequireAuthorization(Policies.SignedIn).ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapDelete("/reminders/{id:guid}", Delete).WithName("Agents_DeleteReminder").WithSummary("Cancels a reminder.")
            .RequireAuthorization(Policies.SignedIn).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<Results<Ok<Page<Response>>, ProblemHttpResult>> List(string? state, Caller caller, ReminderBook reminders, PageRequest page, CancellationToken cancel)
    {
        if (state is not (null or "scheduled" or "due" or "done"))
            return AgentsErrors.StateUnknown.ToProblem();
        var rows = await reminders.ListAsync(caller.UserId, state, page.Take, page.At, page.Id, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.DueAt, row.Id), row => new Response(row.Id, row.Text, row.DueAt, row.State, row.CreatedAt)));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Done(Guid id, Caller caller, ReminderBook reminders, CancellationToken cancel)
        => await reminders.DoneAsync(caller.UserId, id, cancel) ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();

    static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, Caller caller, ReminderBook reminders, CancellationToken cancel)
        => await reminders.DeleteAsync(caller.UserId, [id], cancel) == 1 ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();
}
