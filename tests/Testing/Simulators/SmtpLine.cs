using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace JeanTrail.Testing.Simulators;

/// <summary>How a mail server guards itself.</summary>
/// <param name="Certificate">With its key; null for a server that speaks in the clear.</param>
/// <param name="FromTheStart">TLS before a word is said, in place of STARTTLS.</param>
/// <param name="SignIn">What it says it takes, such as <c>PLAIN LOGIN</c>; null for nothing.</param>
/// <param name="User">Who may send; null lets everybody.</param>
public sealed record SmtpSecurity(X509Certificate2? Certificate = null, bool FromTheStart = false, string? SignIn = null, string? User = null, string? Password = null);

/// <summary>A connection in lines, which may go over to TLS.</summary>
internal sealed class SmtpLine : IAsyncDisposable
{
    Stream stream;
    StreamReader reader;

    internal SmtpLine(Stream stream)
    {
        this.stream = stream;
        reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
    }

    internal bool IsSecure => stream is SslStream;

    internal ValueTask<string?> ReadLineAsync(CancellationToken cancel) => reader.ReadLineAsync(cancel);

    internal async Task WriteLineAsync(string line) => await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\r\n"));

    internal async Task SecureAsync(X509Certificate2 certificate, CancellationToken cancel)
    {
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = secured;
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancel);
        reader.Dispose();
        reader = new StreamReader(secured, Encoding.UTF8, leaveOpen: true);
    }

    public async ValueTask DisposeAsync()
    {
        reader.Dispose();
        await stream.DisposeAsync();
    }
}
