using JeanTrail.Gateway.Models;

namespace JeanTrail.Gateway.Limits;

/// <summary>What a limit counts.</summary>
internal enum Meter
{
    Requests,
    Tokens,

    /// <summary>Calls that run at the same time.</summary>
    Streams,

    /// <summary>In millionths of the currency of the price list.</summary>
    Cost,
}

/// <summary>What a limit holds for. <see cref="Route"/> takes patterns.</summary>
internal enum SubjectKind
{
    Key,
    User,
    Team,
    Plan,
    Route,
    All,
}

/// <summary>A limit as stored. How much is used of it stands in the table of allowances and in <see cref="Purse"/>.</summary>
internal sealed record Limit(
    Guid LimitId, SubjectKind SubjectKind, string Subject, Meter Meter, LimitWindow TimeWindow, long Amount, bool Warns, DateTimeOffset CreatedAt, int Version)
{
    internal const string Columns = "limit_id, subject_kind, subject, meter, time_window, amount, action = 'warn' as warns, created_at, version";

    /// <summary>The purse of the window that was asked for last, so that most calls need not look for it.</summary>
    internal Purse? Latest { get; set; }

    internal bool Concerns(Consumer consumer, string route) => SubjectKind switch
    {
        SubjectKind.Key => consumer.KeyId is { } key && Is(key),
        SubjectKind.User => Is(consumer.UserId.Value),
        SubjectKind.Team => Guid.TryParse(Subject, out var team) && consumer.Teams.Contains(team),
        SubjectKind.Plan => Subject == consumer.Plan,
        SubjectKind.Route => ModelPattern.Matches(Subject, route),
        _ => true,
    };

    /// <summary>What a call must have in hand before it begins. 0 asks nothing: a call that is free of charge passes an empty budget.</summary>
    internal long NeedOf(CallAmounts estimate) => Meter switch
    {
        Meter.Tokens => Math.Max(1, estimate.Tokens),
        Meter.Cost => Math.Max(0, estimate.CostMicros),
        _ => 1,
    };

    bool Is(Guid id) => Guid.TryParse(Subject, out var subject) && subject == id;
}
