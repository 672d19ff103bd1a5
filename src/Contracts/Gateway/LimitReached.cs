using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Contracts.Gateway;

/// <summary>
/// A limit or budget is nearly or wholly used up. Told once per window and step: a limit that stops calls at 80 and at 100 per cent, one
/// that only warns at 100.
/// </summary>
/// <param name="SubjectKind"><c>key user team plan route all</c>.</param>
/// <param name="Subject">The id or name of what is limited; empty for <c>all</c>.</param>
/// <param name="Meter"><c>requests tokens cost</c>.</param>
/// <param name="Window"><c>minute hour day month none</c>.</param>
/// <param name="WindowStart">UTC.</param>
/// <param name="Percent">The step: 80 or 100.</param>
/// <param name="Spent">In the unit of the meter; cost in millionths of the currency of the price list.</param>
public sealed record LimitReached(
    Guid LimitId, string SubjectKind, string Subject, string Meter, string Window, DateTimeOffset WindowStart, int Percent, long Spent, long Amount) : IEvent
{
    public static string EventName => "gateway.limit-reached.v1";
}
