using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JeanTrail.Kernel.Mail;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Tests.Mail;

/// <summary>Letters over TLS, from a server with a certificate of its own making, and what stands between.</summary>
public sealed class SmtpTransportTests : IDisposable
{
    const string User = "jean";
    const string Password = "pässword: with / odd & signs";

    readonly X509Certificate2 certificate = Make("localhost");
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("jt-smtp-");

    public void Dispose()
    {
        certificate.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(false, "PLAIN LOGIN", "AUTH PLAIN")]
    [InlineData(false, "LOGIN", "AUTH LOGIN")]
    [InlineData(true, "LOGIN PLAIN", "AUTH PLAIN")]
    [InlineData(true, "CRAM-MD5 LOGIN", "AUTH LOGIN")]
    public async Task A_letter_goes_out_under_TLS_signed_in_in_the_way_that_is_offered(bool fromTheStart, string offered, string way)
    {
        await using var sink = new SmtpSink(security: new(certificate, fromTheStart, offered, User, Password));

        await SendAsync(Settings(sink) with { ImplicitTls = fromTheStart, User = User, Password = Password });

        var letter = sink.Letters.ShouldHaveSingleItem();
        letter.From.ShouldBe("jean@example.org");
        letter.Recipients.ShouldBe(["ada@example.org"]);
        letter.Subject.ShouldBe("Здравствуйте, Ада: ein sehr langer Betreff, der nicht in ein einziges Wort passt 🌊");
        letter.Body.ShouldBe("первая строка\n.a line with a dot\n");
        sink.Commands.ShouldContain(command => command.StartsWith(way, StringComparison.Ordinal));
        sink.Commands.Count(command => command == "STARTTLS").ShouldBe(fromTheStart ? 0 : 1);
        sink.Commands.Last().ShouldBe("QUIT");
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_nothing_is_sent()
    {
        await using var sink = new SmtpSink(security: new(certificate, SignIn: "PLAIN", User: User, Password: Password));

        var refused = await Should.ThrowAsync<SmtpException>(() => SendAsync(Settings(sink) with { User = User, Password = "another" }));

        ((int)refused.StatusCode).ShouldBe(535);
        refused.Message.ShouldNotContain("another");
        sink.Letters.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_offers_no_known_way_to_sign_in_gets_no_password()
    {
        await using var sink = new SmtpSink(security: new(certificate, SignIn: "GSSAPI", User: User, Password: Password));

        (await Should.ThrowAsync<SmtpException>(() => SendAsync(Settings(sink) with { User = User, Password = Password }))).Message.ShouldContain("AUTH");

        sink.Commands.ShouldNotContain(command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_that_nobody_vouches_for_is_refused(bool fromTheStart)
    {
        await using var sink = new SmtpSink(security: new(certificate, fromTheStart, "PLAIN", User, Password));

        await Should.ThrowAsync<AuthenticationException>(() => SendAsync(Settings(sink) with { CaCertificate = null, ImplicitTls = fromTheStart, User = User, Password = Password }));

        ShouldHaveLearnedNothing(sink);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_certificate_than_the_trusted_one_is_refused(bool fromTheStart)
    {
        using var forged = Make("localhost");
        await using var sink = new SmtpSink(security: new(forged, fromTheStart, "PLAIN", User, Password));

        await Should.ThrowAsync<AuthenticationException>(() => SendAsync(Settings(sink) with { ImplicitTls = fromTheStart, User = User, Password = Password }));

        ShouldHaveLearnedNothing(sink);
    }

    [Fact]
    public async Task A_trusted_certificate_of_another_server_is_refused()
    {
        using var elsewhere = Make("mail.example.net");
        await using var sink = new SmtpSink(security: new(elsewhere, SignIn: "PLAIN", User: User, Password: Password));

        await Should.ThrowAsync<AuthenticationException>(() => SendAsync(Settings(sink, elsewhere) with { User = User, Password = Password }));

        ShouldHaveLearnedNothing(sink);
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_refused()
    {
        using var ended = Make("localhost", days: -1);
        await using var sink = new SmtpSink(security: new(ended, FromTheStart: true));

        await Should.ThrowAsync<AuthenticationException>(() => SendAsync(Settings(sink, ended) with { ImplicitTls = true }));
    }

    [Theory]
    [InlineData(SmtpFault.StripStartTls, "STARTTLS")]
    [InlineData(SmtpFault.SpeakOnAfterStartTls, "in the clear")]
    public async Task Whoever_stands_between_and_meddles_with_STARTTLS_gets_nothing(SmtpFault fault, string said)
    {
        await using var sink = new SmtpSink(security: new(certificate, SignIn: "PLAIN", User: User, Password: Password));
        sink.NextFault(fault);

        (await Should.ThrowAsync<SmtpException>(() => SendAsync(Settings(sink) with { User = User, Password = Password }))).Message.ShouldContain(said);

        ShouldHaveLearnedNothing(sink);
    }

    [Fact]
    public async Task A_name_with_other_letters_is_sent_as_every_server_reads_it_and_an_address_only_where_it_is_understood()
    {
        await using var sink = new SmtpSink(security: new(certificate));
        await SendAsync(Settings(sink), "ada@bücher.example");
        sink.Letters.ShouldHaveSingleItem().Recipients.ShouldBe(["ada@xn--bcher-kva.example"]);

        (await Should.ThrowAsync<SmtpException>(() => SendAsync(Settings(sink), "аня@example.org"))).StatusCode.ShouldBe(SmtpStatusCode.MailboxNameNotAllowed);
    }

    [Theory]
    [InlineData(465, null, true)]
    [InlineData(587, null, false)]
    [InlineData(465, false, false)]
    [InlineData(2525, true, true)]
    public void TLS_from_the_start_is_for_port_465_and_where_it_is_asked_for(int port, bool? asked, bool expected)
        => new MailOptions { Host = "mail.example.org", Port = port, ImplicitTls = asked }.TlsAtOnce.ShouldBe(expected);

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void A_password_is_never_sent_elsewhere_in_the_clear(bool startTls, bool implicitTls, bool valid)
    {
        var options = new MailOptions { Host = "mail.example.org", From = "jean@example.org", StartTls = startTls, ImplicitTls = implicitTls, User = User, Password = Password };

        Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true).ShouldBe(valid);
    }

    static void ShouldHaveLearnedNothing(SmtpSink sink)
    {
        sink.Letters.ShouldBeEmpty();
        sink.Commands.ShouldNotContain(command => command.StartsWith("AUTH", StringComparison.Ordinal) || command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    static X509Certificate2 Make(string host, int days = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-10), now.AddDays(days));
    }

    MailOptions Settings(SmtpSink sink, X509Certificate2? trusted = null)
    {
        var file = Path.Combine(folder.FullName, "trusted.pem");
        File.WriteAllText(file, (trusted ?? certificate).ExportCertificatePem());
        return new MailOptions { Host = "127.0.0.1", Port = sink.Port, From = "jean@example.org", CaCertificate = file };
    }

    static Task SendAsync(MailOptions settings, string to = "ada@example.org")
        => new SmtpTransport(Options.Create(settings)).SendAsync(
            new OutgoingLetter(Guid.CreateVersion7(), to, "Здравствуйте, Ада: ein sehr langer Betreff, der nicht in ein einziges Wort passt 🌊", "первая строка\n.a line with a dot\n", new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero)),
            CancellationToken.None);
}
