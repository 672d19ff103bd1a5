using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Messaging;

/// <summary>Section <c>Outbox</c>.</summary>
public sealed record OutboxOptions
{
    /// <summary>Events taken over in one transaction.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 200;

    /// <summary>How often the tables are looked at when no notification comes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Deliveries running at once on this node; each holds a connection.</summary>
    [Range(1, 64)]
    public int Concurrency { get; init; } = 4;

    /// <summary>Of these, for one consumer, so that a slow one leaves room for others.</summary>
    [Range(1, 64)]
    public int ConcurrencyPerConsumer { get; init; } = 2;

    /// <summary>A consumer that takes longer is cancelled and tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Failed deliveries of one event to one consumer before it is set aside as a dead letter.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 12;

    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long delivered events are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long dead letters are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan DeadLetterRetention { get; init; } = TimeSpan.FromDays(90);
}
