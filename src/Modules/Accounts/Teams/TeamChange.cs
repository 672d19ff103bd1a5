using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JeanTrail.Accounts.Teams;

/// <summary>What changes in a team, with what goes on the record of it.</summary>
/// <param name="Subjects">Beside the team's own id.</param>
internal sealed record TeamAct(AuditAct Act, IReadOnlyList<Guid> Subjects, object? Before = null, object? After = null);

/// <summary>Every change of a team: the lock, the caller's role under it, the act, and the record, in one transaction.</summary>
internal sealed class TeamChange(Db db, IAudit audit)
{
    /// <summary>Runs <paramref name="act"/>, which answers what goes on the record, null when nothing changed, or why it may not be.</summary>
    internal Task<Error?> MakeAsync(
        Guid team, Caller caller, HttpContext context, TeamRole least, Func<Tx, TeamRole, Task<Result<TeamAct?>>> act, CancellationToken cancel)
        => db.InTransactionAsync<Error?>(
            async tx =>
            {
                var entered = await TeamRoles.EnterAsync(tx, team, caller, least, cancel);
                if (!entered.TryGet(out var role, out var outside))
                    return outside;
                var done = await act(tx, role);
                if (!done.TryGet(out var made, out var refused))
                    return refused;
                if (made is not null)
                    await audit.WriteAsync(tx, AuditEntry.Of(made.Act, caller, context, [team, .. made.Subjects], made.Before, made.After), cancel);
                return null;
            },
            cancel);

    /// <summary>The answer of an act that returns nothing.</summary>
    internal static Results<NoContent, ProblemHttpResult> Answer(Error? refused) => refused is null ? TypedResults.NoContent() : refused.ToProblem();
}
