using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Gateway.Alerts;

/// <summary>Makes an alert of each step that a limit or budget reaches. It has no end of its own: it says what happened.</summary>
internal sealed class BudgetAlerts(TimeProvider clock) : IEventConsumer<LimitReached>
{
    const string Sql = """
        insert into gateway.alert (alert_id, kind, limit_id, subject_kind, subject, value, threshold, raised_at, ended_at)
        values (@Id, 'budget', @LimitId, @SubjectKind, @Subject, @Spent, @Amount, @At, @At)
        """;

    public Task HandleAsync(LimitReached message, EventContext context, Tx transaction, CancellationToken cancel) => transaction.ExecuteAsync(
        Sql, new { Id = Ids.New(clock), message.LimitId, message.SubjectKind, message.Subject, message.Spent, message.Amount, At = context.OccurredAt }, cancel);
}
