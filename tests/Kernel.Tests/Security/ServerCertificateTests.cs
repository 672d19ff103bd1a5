using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JeanTrail.Kernel.Security;
using JeanTrail.Kernel.Tests.Http;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Hosting;

namespace JeanTrail.Kernel.Tests.Security;

public sealed class ServerCertificateTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("jeantrail-cert-").FullName;
    readonly FakeClock clock = new();

    string CertificateFile => Path.Combine(folder, "full.pem");

    string KeyFile => Path.Combine(folder, "key.pem");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_own_certificate_is_presented_and_a_renewed_one_is_taken_without_a_restart()
    {
        var first = Write("first");
        await using var app = await StartAsync();
        (await PresentedAsync(app)).ShouldBe(first);

        var second = Write("second");
        (await PresentedAsync(app)).ShouldBe(first, "files are looked at now and then");
        clock.Advance(ServerCertificate.LookEvery);

        (await PresentedAsync(app)).ShouldBe(second);
    }

    [Fact]
    public async Task A_renewal_that_is_half_written_changes_nothing()
    {
        var first = Write("first");
        await using var app = await StartAsync();
        await File.WriteAllTextAsync(CertificateFile, "-----BEGIN CERTIFICATE-----\nMII");
        File.SetLastWriteTimeUtc(CertificateFile, new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        clock.Advance(ServerCertificate.LookEvery);

        (await PresentedAsync(app)).ShouldBe(first);

        app.Logs.AllText.ShouldContain("the old one stays");
    }

    [Fact]
    public async Task Old_protocols_are_refused()
    {
        Write("first");
        await using var app = await StartAsync();

#pragma warning disable SYSLIB0039, CA5397, CA5398 // Asked for in order to be refused.
        await Should.ThrowAsync<Exception>(() => PresentedAsync(app, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397, CA5398
    }

    [Fact]
    public async Task Without_its_key_the_server_does_not_start()
    {
        Write("first");
        await File.WriteAllTextAsync(KeyFile, "no key");

        await Should.ThrowAsync<CryptographicException>(StartAsync);
    }

    Task<EdgeApp> StartAsync() => EdgeApp.StartAsync(
        clock: clock,
        settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Edge:Certificate"] = CertificateFile, ["Edge:CertificateKey"] = KeyFile },
        adjust: builder => builder.WebHost.UseKestrelHttpsConfiguration().UseUrls("https://127.0.0.1:0"));

    string Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        // Two files may be written within one tick of the file system's clock.
        File.SetLastWriteTimeUtc(CertificateFile, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(name.Length));
        return certificate.Thumbprint;
    }

    static async Task<string> PresentedAsync(EdgeApp app, SslProtocols protocols = SslProtocols.None)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(app.Address.Host, app.Address.Port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false);
        // CA5359: it is self-signed; which one it is, is what the test looks at.
#pragma warning disable CA5359
        var options = new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocols, RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(options);
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }
}
