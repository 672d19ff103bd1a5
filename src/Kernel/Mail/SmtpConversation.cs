using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace JeanTrail.Kernel.Mail;

/// <summary>
/// One connection to a mail server: TLS from the start or by STARTTLS, signing in with PLAIN or LOGIN, one letter. The framework's own client knows
/// neither TLS from the start nor PLAIN.
/// </summary>
/// <remarks>Source: RFC 5321; RFC 3207 (STARTTLS); RFC 8314 (implicit TLS); RFC 4954 and RFC 4616 (AUTH PLAIN); RFC 6531 (SMTPUTF8).</remarks>
internal sealed class SmtpConversation(MailOptions settings) : IAsyncDisposable
{
    /// <summary>RFC 5321 §4.5.3.1.5 asks for 512; servers write longer ones.</summary>
    const int LongestLine = 4096;

    const int MostLines = 100;

    readonly TcpClient client = new();
    readonly byte[] buffer = new byte[LongestLine];
    HashSet<string> offers = new(StringComparer.OrdinalIgnoreCase);
    HashSet<string> signIns = new(StringComparer.OrdinalIgnoreCase);
    Stream stream = Stream.Null;
    int start;
    int end;

    /// <summary>Connects, goes over to TLS where the settings say so, and signs in.</summary>
    /// <exception cref="SmtpException">The server refuses, or does not offer what the settings ask for.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server's certificate is not one to trust.</exception>
    internal async Task OpenAsync(CancellationToken cancel)
    {
        await client.ConnectAsync(settings.Host!, settings.Port, cancel);
        stream = client.GetStream();
        if (settings.TlsAtOnce)
            await SecureAsync(cancel);
        await ExpectAsync(220, cancel);
        await GreetAsync(cancel);
        if (settings is { TlsAtOnce: false, StartTls: true })
        {
            if (!offers.Contains("STARTTLS"))
                throw new SmtpException(SmtpStatusCode.MustIssueStartTlsFirst, "The mail server does not offer STARTTLS, and nothing is sent without it.");
            await SayAsync("STARTTLS", 220, cancel);
            // What came in the clear after that was said by whoever stands between, to be taken for the server's own (CVE-2011-0411).
            if (start < end)
                throw new SmtpException(SmtpStatusCode.GeneralFailure, "The mail server spoke on in the clear after STARTTLS.");
            await SecureAsync(cancel);
            // What was offered in the clear counts no longer.
            await GreetAsync(cancel);
        }

        if (!string.IsNullOrEmpty(settings.User))
            await SignInAsync(cancel);
    }

    /// <param name="text">Headers and body, lines ending in CR LF.</param>
    internal async Task SendAsync(string from, string to, string text, CancellationToken cancel)
    {
        var international = !Ascii.IsValid(from) || !Ascii.IsValid(to);
        if (international && !offers.Contains("SMTPUTF8"))
            throw new SmtpException(SmtpStatusCode.MailboxNameNotAllowed, "The mail server knows no addresses with other letters than A to Z.");
        await SayAsync($"MAIL FROM:<{from}>{(international ? " SMTPUTF8" : "")}{(offers.Contains("8BITMIME") ? " BODY=8BITMIME" : "")}", 250, cancel);
        await SayAsync($"RCPT TO:<{to}>", 250, cancel);
        await SayAsync("DATA", 354, cancel);
        // RFC 5321 §4.5.2: a line that begins with a dot gets another.
        var stuffed = text.StartsWith('.') ? $".{text}" : text;
        await SayAsync(stuffed.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.", 250, cancel, isText: true);
    }

    /// <summary>The letter is taken over already: how the server says good-bye is of no consequence.</summary>
    internal async Task LeaveAsync(CancellationToken cancel)
    {
        try
        {
            await SayAsync("QUIT", 221, cancel);
        }
        catch (Exception failure) when (failure is IOException or SmtpException or OperationCanceledException)
        {
            // It was in a hurry.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        client.Dispose();
    }

    async Task SecureAsync(CancellationToken cancel)
    {
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = secured;
        var tls = new SslClientAuthenticationOptions { TargetHost = settings.Host };
        using var trusted = settings.CaCertificate is { Length: > 0 } file ? X509CertificateLoader.LoadCertificateFromFile(file) : null;
        if (trusted is not null)
        {
            // In place of the machine's own: who names one trusts that one. The server's name is compared in any case.
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.Add(trusted);
        }

        await secured.AuthenticateAsClientAsync(tls, cancel);
    }

    /// <summary>RFC 5321 §4.1.3: an address, for this machine may have no name that others know.</summary>
    async Task GreetAsync(CancellationToken cancel)
    {
        var own = ((IPEndPoint)client.Client.LocalEndPoint!).Address;
        own = own.IsIPv4MappedToIPv6 ? own.MapToIPv4() : own;
        var lines = await SayAsync(own.AddressFamily == AddressFamily.InterNetworkV6 ? $"EHLO [IPv6:{own}]" : $"EHLO [{own}]", 250, cancel);
        var said = lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0).ToList();
        offers = said.Select(words => words[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        signIns = said.Where(words => words[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase)).SelectMany(words => words.Skip(1)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    async Task SignInAsync(CancellationToken cancel)
    {
        if (signIns.Contains("PLAIN"))
        {
            await SayAsync($"AUTH PLAIN {Base64($"\0{settings.User}\0{settings.Password}")}", 235, cancel);
        }
        else if (signIns.Contains("LOGIN"))
        {
            await SayAsync("AUTH LOGIN", 334, cancel);
            await SayAsync(Base64(settings.User!), 334, cancel);
            await SayAsync(Base64(settings.Password!), 235, cancel);
        }
        else
        {
            throw new SmtpException(SmtpStatusCode.ClientNotPermitted, "The mail server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }
    }

    /// <returns>The lines of the answer, without their codes.</returns>
    async Task<List<string>> SayAsync(string command, int expected, CancellationToken cancel, bool isText = false)
    {
        if (!isText && command.AsSpan().ContainsAny('\r', '\n'))
            throw new InvalidOperationException("A command is one line.");
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\n"), cancel);
        await stream.FlushAsync(cancel);
        return await ExpectAsync(expected, cancel);
    }

    async Task<List<string>> ExpectAsync(int expected, CancellationToken cancel)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await ReadLineAsync(cancel);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new SmtpException(SmtpStatusCode.GeneralFailure, "The mail server answered something that is not SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-')
                continue;
            return code == expected ? lines : throw new SmtpException((SmtpStatusCode)code, $"{code} {string.Join(' ', lines)}");
        }

        throw new SmtpException(SmtpStatusCode.GeneralFailure, "The mail server's answer has no end.");
    }

    async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(buffer, start, length).TrimEnd('\r');
                start += length + 1;
                return line;
            }

            if (start > 0)
            {
                Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
                throw new SmtpException(SmtpStatusCode.GeneralFailure, "The mail server's answer has no end.");
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
            if (read == 0)
                throw new IOException("The mail server closed the connection.");
            end += read;
        }
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
