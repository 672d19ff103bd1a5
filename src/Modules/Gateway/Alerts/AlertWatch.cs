using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Alerts;

/// <summary>
/// Measures the books against the rules: an alert is raised once when its threshold is passed, keeps the worst it saw, and ends when all is
/// well again.
/// </summary>
/// <remarks>
/// Errors are calls that failed through no fault of their caller. Latency is the time to the first byte, of the slowest call in twenty; answers
/// from the cache do not count. Too few calls prove neither trouble nor health: they raise nothing, and what was raised ends with its window.
/// </remarks>
internal sealed partial class AlertWatch(Db db, TimeProvider clock, ILogger<AlertWatch> logger) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    const string MeasureSql = """
        select r.rule_id, r.kind, r.subject_kind, r.subject, r.threshold, m.value, coalesce(m.calls, 0) >= r.min_calls and m.value >= r.threshold as fires
        from gateway.alert_rule r cross join lateral (
            select count(*) as calls,
                case r.kind
                    when 'errors' then 100.0 * count(*) filter (where u.outcome <> 'completed') / nullif(count(*), 0)
                    else percentile_cont(0.95) within group (order by u.first_byte_ms) filter (where r.kind = 'latency')
                end as value
            from gateway.usage u
            where u.started_at >= @Now::timestamptz - r.window_minutes * interval '1 minute'
                and (u.outcome = 'completed' or (r.kind = 'errors' and u.outcome in ('failed', 'interrupted') and u.blame in ('upstream', 'server')))
                and (r.kind = 'errors' or (u.first_byte_ms is not null and u.cache is distinct from 'hit' and u.cache is distinct from 'semantic'))
                and (r.subject_kind = 'all' or (r.subject_kind = 'route' and u.route = r.subject)
                    or (r.subject_kind = 'provider' and starts_with(u.model_id, r.subject || '/')))) m
        where r.enabled
        """;

    const string RaiseSql = """
        insert into gateway.alert (alert_id, kind, rule_id, subject_kind, subject, value, threshold, raised_at)
        select @Id, kind, rule_id, subject_kind, subject, @Value, threshold, @Now from gateway.alert_rule where rule_id = @RuleId
        on conflict (rule_id) where ended_at is null do update set value = greatest(alert.value, excluded.value)
        returning (xmax = 0)
        """;

    const string EndSql = "update gateway.alert set ended_at = @Now where rule_id is not null and ended_at is null and not (rule_id = any(@Firing))";

    const string CountSql = "select kind, count(*)::int as count from gateway.alert where ended_at is null group by kind";

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var firing = (await db.QueryAsync<Measure>(MeasureSql, new { Now = now }, cancel)).Where(measure => measure.Fires).ToList();
        foreach (var measure in firing)
        {
            if (await db.FindAsync<bool>(RaiseSql, new { Id = Ids.New(clock), measure.RuleId, measure.Value, Now = now }, cancel))
                LogRaised(logger, measure.Kind, measure.SubjectKind, measure.Subject, measure.Value!.Value, measure.Threshold);
        }

        await db.ExecuteAsync(EndSql, new { Now = now, Firing = firing.Select(measure => measure.RuleId).ToArray() }, cancel);
        GatewayTelemetry.AlertsOpen((await db.QueryAsync<OpenCount>(CountSql, null, cancel)).ToDictionary(each => each.Kind, each => each.Count, StringComparer.Ordinal));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert: {Kind} of {SubjectKind} {Subject} at {Value:0.#}, the threshold is {Threshold:0.#}")]
    static partial void LogRaised(ILogger logger, string kind, string subjectKind, string subject, double value, double threshold);

    sealed record Measure(Guid RuleId, string Kind, string SubjectKind, string Subject, double Threshold, double? Value, bool Fires);

    sealed record OpenCount(string Kind, int Count);
}
