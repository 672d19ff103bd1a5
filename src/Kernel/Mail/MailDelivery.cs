using System.Net.Mail;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Secrets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Mail;

/// <summary>
/// Delivers letters, oldest first, with growing pauses after failures and for a day at most. Several nodes share the work: a letter is
/// claimed before it is sent, and a node that dies in between loses its claim after a while.
/// </summary>
internal sealed partial class MailDelivery : DatabaseLoop
{
    internal static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(24);
    internal static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(15);
    internal static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(30);

    // Longer than an attempt may take, so that nobody sends what another node is sending.
    internal static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    // Also what waited in the outbox from before there was a mail server: old links would only confuse.
    const string GiveUpSql = """
        update kernel.mail set next_at = null, body = null
        where next_at <= @Now and created_at <= @TooOld
        returning mail_id, kind, attempts
        """;

    const string TakeSql = """
        update kernel.mail set next_at = @Claim, attempts = attempts + 1
        where mail_id = (
            select mail_id from kernel.mail where next_at <= @Now and created_at > @TooOld
            order by next_at, mail_id limit 1 for update skip locked)
        returning mail_id, kind, recipient, subject, body, created_at, attempts
        """;

    const string SentSql = "update kernel.mail set sent_at = @Now, next_at = null, body = null, last_error = null where mail_id = @Id and sent_at is null";
    const string FailedSql = "update kernel.mail set next_at = @Next, last_error = @Error where mail_id = @Id and sent_at is null and next_at is not null";

    readonly Db db;
    readonly IMailTransport transport;
    readonly ISecretProtector secrets;
    readonly MailOptions options;
    readonly WakeSignal wake = new();
    readonly IDisposable listening;

    public MailDelivery(
        Db db, IMailTransport transport, ISecretProtector secrets, IBroadcast broadcast, IOptions<MailOptions> options, TimeProvider clock, ILogger<MailDelivery> logger)
        : base("mail-delivery", clock, logger)
    {
        this.db = db;
        this.transport = transport;
        this.secrets = secrets;
        this.options = options.Value;
        listening = broadcast.Listen(PostBox.WakeChannel, (_, _) =>
        {
            wake.Set();
            return Task.CompletedTask;
        });
    }

    public override void Dispose()
    {
        listening.Dispose();
        base.Dispose();
    }

    protected override async Task IterateAsync(CancellationToken cancel)
    {
        if (!options.HasServer)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Clock, cancel);
            return;
        }

        await GiveUpAsync(cancel);
        while (await DeliverOneAsync(cancel))
            Working();
        await wake.WaitAsync(options.PollInterval, Clock, cancel);
    }

    async Task GiveUpAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        foreach (var letter in await db.QueryAsync<GivenUp>(GiveUpSql, new { Now = now, TooOld = now - GivenUpAfter }, cancel))
        {
            KernelMetrics.Letters.Add(1, new KeyValuePair<string, object?>("outcome", "given_up"));
            LogGivenUp(Logger, letter.Kind, letter.MailId, letter.Attempts);
        }
    }

    async Task<bool> DeliverOneAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        if (await db.FindAsync<Row>(TakeSql, new { Now = now, Claim = now + Claim, TooOld = now - GivenUpAfter }, cancel) is not { } letter)
            return false;
        try
        {
            await SendAsync(letter);
        }
        catch (Exception failure)
        {
            await KeepFailureAsync(letter, failure);
            return true;
        }

        // Whatever else stops now: a letter that is out must not go out again.
        await db.ExecuteAsync(SentSql, new { Id = letter.MailId, Now = Clock.GetUtcNow() }, CancellationToken.None);
        KernelMetrics.Letters.Add(1, new KeyValuePair<string, object?>("outcome", "sent"));
        LogSent(Logger, letter.Kind, letter.MailId, letter.Attempts);
        return true;
    }

    /// <summary>Not cancelled by a stopping server: cut in the middle, nobody would know whether the letter went out.</summary>
    async Task SendAsync(Row letter)
    {
        using var patience = new CancellationTokenSource(options.Timeout, Clock);
        var body = await secrets.UnprotectAsync(PostBox.Place(letter.MailId), letter.Body, patience.Token);
        await transport.SendAsync(new OutgoingLetter(letter.MailId, letter.Recipient, letter.Subject, body, letter.CreatedAt), patience.Token);
    }

    async Task KeepFailureAsync(Row letter, Exception failure)
    {
        var pause = BackOff.Pause(letter.Attempts, FirstRetry, LongestRetry);
        await db.ExecuteAsync(
            FailedSql, new { Id = letter.MailId, Next = Clock.GetUtcNow() + pause, Error = FailureText.Of(failure) }, CancellationToken.None);
        KernelMetrics.Letters.Add(1, new KeyValuePair<string, object?>("outcome", "failed"));
        // The server's own words may name the recipient; they are kept in the table, for the owner.
        LogFailed(Logger, letter.Kind, letter.MailId, letter.Attempts, failure.GetType().Name, (failure as SmtpException)?.StatusCode);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Letter {Kind} {MailId} sent at attempt {Attempt}")]
    static partial void LogSent(ILogger logger, string kind, Guid mailId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Letter {Kind} {MailId} not sent at attempt {Attempt}: {Failure} {Status}")]
    static partial void LogFailed(ILogger logger, string kind, Guid mailId, int attempt, string failure, SmtpStatusCode? status);

    [LoggerMessage(Level = LogLevel.Error, Message = "Letter {Kind} {MailId} given up after {Attempts} attempts")]
    static partial void LogGivenUp(ILogger logger, string kind, Guid mailId, int attempts);

    sealed record Row(Guid MailId, string Kind, string Recipient, string Subject, byte[] Body, DateTimeOffset CreatedAt, int Attempts);

    sealed record GivenUp(Guid MailId, string Kind, int Attempts);
}
