using System.Text;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Kernel.Mail;

/// <summary>Where letters are put: a row each, sealed.</summary>
internal sealed class PostBox(ISecretProtector secrets, TimeProvider clock) : IMail
{
    /// <summary>Told when letters wait. NOTIFY is sent by PostgreSQL when the transaction commits.</summary>
    internal const string WakeChannel = "kernel.mail";

    const int LongestSubject = 200;

    // A letter to nobody runs the same statement.
    const string Sql = """
        with stored as (
            insert into kernel.mail (mail_id, kind, recipient, subject, body, created_at, next_at)
            select @Id, @Kind, @Recipient::text, @Subject, @Body, @Now::timestamptz, @Now::timestamptz where @Recipient::text is not null
            returning 1)
        select pg_notify('jeantrail', 'kernel.mail') from stored
        """;

    public async Task SendAsync(IDbSession transaction, Letter letter, CancellationToken cancel)
    {
        if (letter.Recipient is not null && !Letter.CanReach(letter.Recipient))
            throw new ArgumentException("The recipient is not an e-mail address.", nameof(letter));
        var id = Ids.New(clock);
        var row = new
        {
            Id = id,
            letter.Kind,
            letter.Recipient,
            Subject = OneLine(letter.Subject),
            Body = await secrets.ProtectAsync(Place(id), letter.Body.ReplaceLineEndings("\n"), cancel),
            Now = clock.GetUtcNow(),
        };
        await transaction.ExecuteAsync(Sql, row, cancel);
    }

    internal static SecretPlace Place(Guid mail) => new(SecretPlace.Server, "kernel.mail.body", mail);

    static string OneLine(string subject)
    {
        var line = new StringBuilder(subject.Length);
        foreach (var c in subject.Length <= LongestSubject ? subject : subject[..LongestSubject])
            line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return line.ToString();
    }
}
