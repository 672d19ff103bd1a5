using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;

namespace JeanTrail.Testing.Simulators;

/// <summary>What a mail server does wrong to one connection.</summary>
public enum SmtpFault
{
    /// <summary>Has no time: 421 instead of a greeting.</summary>
    Busy,

    /// <summary>Does not know the recipient: 550.</summary>
    RefuseRecipient,

    /// <summary>Closes the connection in the middle of the text.</summary>
    BreakOff,

    /// <summary>Takes the text and says nothing until <see cref="SmtpSink.Release"/>.</summary>
    Delay,

    /// <summary>Somebody in between keeps STARTTLS from being offered.</summary>
    StripStartTls,

    /// <summary>Somebody in between adds to the answer to STARTTLS, in the clear.</summary>
    SpeakOnAfterStartTls,
}

/// <summary>A mail server that delivers to nobody: speaks SMTP (RFC 5321) on a loopback port and keeps what it was given.</summary>
public sealed partial class SmtpSink : IAsyncDisposable
{
    readonly TcpListener listener;
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentQueue<ReceivedLetter> letters = new();
    readonly ConcurrentQueue<SmtpFault> faults = new();
    readonly ConcurrentQueue<string> commands = new();
    readonly ConcurrentBag<Task> connections = [];
    readonly SemaphoreSlim released = new(0);
    readonly Task accepting;
    readonly SmtpSecurity security;
    int attempts;

    public SmtpSink(int port = 0, SmtpSecurity? security = null)
    {
        this.security = security ?? new SmtpSecurity();
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What was taken over, in order.</summary>
    public IReadOnlyCollection<ReceivedLetter> Letters => letters;

    /// <summary>What was said to it, on all connections; not the texts.</summary>
    public IReadOnlyCollection<string> Commands => commands;

    /// <summary>How many connections there were, failed ones too.</summary>
    public int Attempts => Volatile.Read(ref attempts);

    /// <summary>The next connection has this fault; several calls make a queue.</summary>
    public void NextFault(SmtpFault fault) => faults.Enqueue(fault);

    /// <summary>Ends one delay.</summary>
    public void Release() => released.Release();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections);
        stop.Dispose();
        released.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped, perhaps between two connections.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref attempts);
        using (client)
        {
            try
            {
                await using var line = new SmtpLine(client.GetStream());
                if (security is { Certificate: { } own, FromTheStart: true })
                    await line.SecureAsync(own, stop.Token);
                await ConverseAsync(line, faults.TryDequeue(out var fault) ? fault : null);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
            {
                // The client left, or the sink stops.
            }
        }
    }

    async Task ConverseAsync(SmtpLine writer, SmtpFault? fault)
    {
        var signedIn = security.User is null;
        if (fault == SmtpFault.Busy)
        {
            await writer.WriteLineAsync("421 too busy");
            return;
        }

        await writer.WriteLineAsync("220 sink.example");
        var from = "";
        var recipients = new List<string>();
        while (await writer.ReadLineAsync(stop.Token) is { } line)
        {
            commands.Enqueue(line);
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-sink.example");
                    if (security is { Certificate: not null, FromTheStart: false } && !writer.IsSecure && fault != SmtpFault.StripStartTls)
                        await writer.WriteLineAsync("250-STARTTLS");
                    if (security.SignIn is { } ways)
                        await writer.WriteLineAsync($"250-AUTH {ways}");
                    await writer.WriteLineAsync("250 8BITMIME");
                    break;
                case "STARTTLS" when fault == SmtpFault.SpeakOnAfterStartTls:
                    await writer.WriteLineAsync("220 go ahead\r\n250 what else");
                    await writer.SecureAsync(security.Certificate!, stop.Token);
                    break;
                case "STARTTLS":
                    await writer.WriteLineAsync("220 go ahead");
                    await writer.SecureAsync(security.Certificate!, stop.Token);
                    break;
                case "AUTH":
                    signedIn = await SignInAsync(writer, line);
                    await writer.WriteLineAsync(signedIn ? "235 welcome" : "535 5.7.8 not you");
                    break;
                case "MAIL" when !signedIn:
                    await writer.WriteLineAsync("530 5.7.0 sign in first");
                    break;
                case "MAIL":
                    from = AddressIn(line);
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT" when fault == SmtpFault.RefuseRecipient:
                    await writer.WriteLineAsync("550 5.1.1 nobody here by that name");
                    break;
                case "RCPT":
                    recipients.Add(AddressIn(line));
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go ahead");
                    if (fault == SmtpFault.BreakOff)
                    {
                        await writer.ReadLineAsync(stop.Token);
                        return;
                    }

                    var raw = await ReadDataAsync(writer);
                    if (fault == SmtpFault.Delay)
                        await released.WaitAsync(stop.Token);
                    letters.Enqueue(ReceivedLetter.Parse(from, [.. recipients], raw));
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    /// <summary>Source: RFC 4616 and, of LOGIN, what servers do.</summary>
    async Task<bool> SignInAsync(SmtpLine line, string command)
    {
        var words = command.Split(' ');
        if (words[1] == "PLAIN")
            return Text(words[2]) == $"\0{security.User}\0{security.Password}";
        await line.WriteLineAsync("334 VXNlcm5hbWU6");
        var user = Text(await line.ReadLineAsync(stop.Token) ?? "");
        await line.WriteLineAsync("334 UGFzc3dvcmQ6");
        return user == security.User && Text(await line.ReadLineAsync(stop.Token) ?? "") == security.Password;
    }

    static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    async Task<string> ReadDataAsync(SmtpLine reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        return text.ToString();
    }

    static string AddressIn(string line) => Bracketed().Match(line).Groups["address"].Value;

    [GeneratedRegex("<(?<address>[^>]*)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bracketed();
}
