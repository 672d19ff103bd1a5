using System.Net.Mail;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Kernel.Mail;

/// <summary>Sends letters to people.</summary>
public interface IMail
{
    /// <summary>
    /// Stores a letter in <paramref name="transaction"/>, so that it goes out exactly when that commits. Delivery follows in the background:
    /// it is tried for a day, and a letter may arrive twice when a node dies at the wrong moment. Without a mail server it stays in the
    /// owner's outbox.
    /// </summary>
    /// <exception cref="ArgumentException">The recipient is not an address (<see cref="Letter.CanReach"/>).</exception>
    Task SendAsync(IDbSession transaction, Letter letter, CancellationToken cancel);
}

/// <summary>A letter of plain text.</summary>
/// <param name="Kind">What it is about, such as <c>accounts.reset</c>: for logs and the outbox. A closed set, never from input.</param>
/// <param name="Recipient">One bare address. Null for a letter to nobody: the same work, and nothing is kept or sent.</param>
/// <param name="Subject">One line; breaks in it become spaces.</param>
/// <param name="Body">May hold secrets: it is stored sealed and never logged.</param>
public sealed record Letter(string Kind, string? Recipient, string Subject, string Body)
{
    /// <summary>Whether mail can be addressed to it: one bare mailbox, without a name and without anything that could end a header.</summary>
    public static bool CanReach(string? address)
        => address is { Length: > 2 and <= 254 } && !address.Any(char.IsControl) && !address.Any(char.IsWhiteSpace)
            && MailAddress.TryCreate(address, out var parsed) && parsed.Address == address && parsed.DisplayName.Length == 0;

    /// <summary>Without what is in it.</summary>
    public override string ToString() => Kind;
}
