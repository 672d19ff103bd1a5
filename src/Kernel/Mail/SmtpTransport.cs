using System.Globalization;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Mail;

/// <summary>Over SMTP, one connection a letter: few are sent, and each then fails alone.</summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport
{
    /// <summary>What fits into an encoded word of 75 characters beside <c>=?utf-8?B?…?=</c>. Source: RFC 2047 §2.</summary>
    const int WordBytes = 45;

    public async Task SendAsync(OutgoingLetter letter, CancellationToken cancel)
    {
        var settings = options.Value;
        await using var conversation = new SmtpConversation(settings);
        await conversation.OpenAsync(cancel);
        await conversation.SendAsync(Address(settings.From!), Address(letter.Recipient), Compose(letter, settings), cancel);
        await conversation.LeaveAsync(cancel);
    }

    /// <summary>Headers and text, in lines ending in CR LF. Source: RFC 5322; RFC 2045.</summary>
    internal static string Compose(OutgoingLetter letter, MailOptions settings)
    {
        var from = Address(settings.From!);
        var text = new StringBuilder();
        void Add(string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");
        Add("From", $"{Words(settings.FromName)} <{from}>");
        Add("To", $"<{Address(letter.Recipient)}>");
        Add("Subject", Words(letter.Subject));
        Add("Date", letter.CreatedAt.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000");
        Add("Message-ID", $"<{letter.MailId:N}@{from[(from.LastIndexOf('@') + 1)..]}>");
        // Answering machines stay silent. Source: RFC 3834 §5.
        Add("Auto-Submitted", "auto-generated");
        Add("MIME-Version", "1.0");
        Add("Content-Type", "text/plain; charset=utf-8");
        Add("Content-Transfer-Encoding", "base64");
        var body = Encoding.UTF8.GetBytes(letter.Body.ReplaceLineEndings("\r\n"));
        return text.Append("\r\n").Append(Convert.ToBase64String(body, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\r\n")).ToString();
    }

    /// <summary>A domain with other letters has a name that every server reads.</summary>
    static string Address(string typed)
    {
        var parsed = new MailAddress(typed);
        return Ascii.IsValid(parsed.Host) ? parsed.Address : $"{parsed.User}@{new IdnMapping().GetAscii(parsed.Host)}";
    }

    /// <summary>Text of a header as encoded words, which no break or bracket in it gets out of. Source: RFC 2047.</summary>
    static string Words(string value)
    {
        var words = new List<string>();
        var word = new List<byte>();
        Span<byte> bytes = stackalloc byte[4];
        // A character is never split over two words.
        foreach (var rune in value.EnumerateRunes())
        {
            var length = (Rune.IsControl(rune) ? new Rune(' ') : rune).EncodeToUtf8(bytes);
            if (word.Count + length > WordBytes)
            {
                words.Add(Convert.ToBase64String([.. word]));
                word.Clear();
            }

            word.AddRange(bytes[..length]);
        }

        words.Add(Convert.ToBase64String([.. word]));
        return string.Join("\r\n ", words.Select(each => $"=?utf-8?B?{each}?="));
    }
}
