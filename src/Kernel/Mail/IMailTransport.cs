namespace JeanTrail.Kernel.Mail;

/// <summary>Carries one letter to the mail server.</summary>
internal interface IMailTransport
{
    /// <summary>Returns when the server has taken the letter over; whatever it throws means that it has not, as far as we know.</summary>
    Task SendAsync(OutgoingLetter letter, CancellationToken cancel);
}

/// <param name="MailId">Becomes the Message-ID: a mailbox that gets the letter twice can tell.</param>
internal sealed record OutgoingLetter(Guid MailId, string Recipient, string Subject, string Body, DateTimeOffset CreatedAt)
{
    public override string ToString() => MailId.ToString();
}
