using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// The certificate of <see cref="EdgeOptions.Certificate"/>. Files that were renewed are taken without a restart; while the new ones cannot be
/// read, or do not belong together, the old certificate stays.
/// </summary>
internal sealed partial class ServerCertificate(IOptions<EdgeOptions> options, TimeProvider clock, ILogger<ServerCertificate> logger)
{
    /// <summary>How long a renewed file may go unnoticed.</summary>
    internal static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    X509Certificate2? current;
    DateTime written;
    DateTimeOffset looked;

    /// <summary>Has https connections present the certificate, where there is one.</summary>
    /// <exception cref="CryptographicException">The files hold no certificate with its key: the start fails.</exception>
    internal void Configure(HttpsConnectionAdapterOptions https)
    {
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (options.Value.Certificate is not { } file)
            return;
        Current();
        https.ServerCertificateSelector = (_, _) => Current();
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        https.ServerCertificateChain = chain;
    }

    X509Certificate2 Current()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (current is not null && now - looked < LookEvery)
                return current;
            looked = now;
            return current is null ? Read() : Renewed(current);
        }
    }

    X509Certificate2 Renewed(X509Certificate2 old)
    {
        try
        {
            return LastWritten() == written ? old : Read();
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            LogKept(logger, failure, options.Value.Certificate!);
            return old;
        }
    }

    X509Certificate2 Read()
    {
        var at = LastWritten();
        current = X509Certificate2.CreateFromPemFile(options.Value.Certificate!, options.Value.CertificateKey);
        written = at;
        LogTaken(logger, current.Subject, current.NotAfter);
        return current;
    }

    DateTime LastWritten() => File.GetLastWriteTimeUtc(options.Value.Certificate!);

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate {Subject}, good until {NotAfter}")]
    static partial void LogTaken(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The renewed certificate {File} cannot be used; the old one stays")]
    static partial void LogKept(ILogger logger, Exception failure, string file);
}
