using System.ComponentModel.DataAnnotations;
using System.Net;

namespace JeanTrail.Kernel.Mail;

/// <summary>How letters leave: section <c>Mail</c>.</summary>
public sealed record MailOptions : IValidatableObject
{
    /// <summary>The SMTP server. Null keeps letters in the owner's outbox.</summary>
    public string? Host { get; init; }

    [Range(1, 65535)]
    public int Port { get; init; } = 587;

    /// <summary>Whether to go over to TLS with STARTTLS, and to send nothing when the server does not.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>Whether to speak TLS from the start. Null does so on port 465, which is for that.</summary>
    public bool? ImplicitTls { get; init; }

    /// <summary>A certificate file (PEM or DER) that is trusted in place of the machine's own authorities, for a mail server with one of its own making.</summary>
    public string? CaCertificate { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>The bare address letters come from; needed with <see cref="Host"/>.</summary>
    public string? From { get; init; }

    /// <summary>The name beside that address.</summary>
    [StringLength(100)]
    public string FromName { get; init; } = "JeanTrail";

    /// <summary>How long one attempt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the table is looked at when no notification comes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    internal bool TlsAtOnce => ImplicitTls ?? Port == 465;

    internal bool HasServer => !string.IsNullOrWhiteSpace(Host);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!HasServer)
            yield break;
        if (!Letter.CanReach(From))
            yield return new ValidationResult("Mail:From must be a bare e-mail address when Mail:Host is set.", [nameof(From)]);
        if (!string.IsNullOrEmpty(CaCertificate) && !File.Exists(CaCertificate))
            yield return new ValidationResult("Mail:CaCertificate is no file.", [nameof(CaCertificate)]);
        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
            yield return new ValidationResult("Mail:User and Mail:Password belong together.", [nameof(User)]);
        if (!StartTls && !TlsAtOnce && !string.IsNullOrEmpty(Password) && !IsThisMachine(Host!))
            yield return new ValidationResult("Mail:Password would be sent in the clear: Mail:StartTls or Mail:ImplicitTls must be on for a server elsewhere.", [nameof(StartTls)]);
    }

    static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
