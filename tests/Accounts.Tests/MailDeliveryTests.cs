using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Mail;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Accounts.Tests;

/// <summary>The Kernel's letters, on nodes that have a mail server.</summary>
public sealed class MailDeliveryTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>For one attempt. So long that the steps that pass while an attempt begins do not end it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly SmtpSink sink = new();
    readonly FakeClock clock = new();
    readonly List<WatchedTransport> transports = [];

    public async Task InitializeAsync()
    {
        var (_, owner) = await server.BeginAsync();
        owner.Dispose();
    }

    public async Task DisposeAsync() => await sink.DisposeAsync();

    [Fact]
    public async Task A_letter_goes_out_once_and_its_text_is_wiped()
    {
        await using var node = await StartAsync();
        await WriteAsync(node, "Здравствуйте, Ада", "первая строка\nhttps://jean.example.org/reset#abc\n.начинается с точки");

        await ArriveAsync(1);

        var letter = sink.Letters.Single();
        letter.From.ShouldBe("jean@example.org");
        letter.Recipients.ShouldBe(["ada@example.org"]);
        letter.Subject.ShouldBe("Здравствуйте, Ада");
        letter.Body.TrimEnd().ShouldBe("первая строка\nhttps://jean.example.org/reset#abc\n.начинается с точки");
        letter.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        letter.Headers["Content-Type"].ShouldContain("text/plain");
        await Eventually.BeTrueAsync(async () => await CountAsync("sent_at is not null and body is null and next_at is null") == 1);
        clock.Advance(TimeSpan.FromDays(2));
        sink.Letters.Count.ShouldBe(1);
        node.Logs.AllText.ShouldNotContain("#abc");
        node.Logs.AllText.ShouldNotContain("ada@example.org");
    }

    [Theory]
    [InlineData(SmtpFault.Busy)]
    [InlineData(SmtpFault.RefuseRecipient)]
    [InlineData(SmtpFault.BreakOff)]
    public async Task A_letter_the_server_did_not_take_is_tried_again_with_growing_pauses(SmtpFault fault)
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 3; i++)
            sink.NextFault(fault);
        await WriteAsync(node);

        await ArriveAsync(1);

        sink.Attempts.ShouldBe(4);
        await Eventually.BeTrueAsync(async () => await CountAsync("sent_at is not null and attempts = 4") == 1);
        sink.Letters.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_says_nothing_does_not_hold_letters_for_ever()
    {
        await using var node = await StartAsync();
        sink.NextFault(SmtpFault.Delay);
        await WriteAsync(node);
        await Eventually.BeTrueAsync(() =>
        {
            if (!node.Transport.Busy)
                clock.Advance(Step);
            return node.Transport.Busy && sink.Attempts == 1;
        });

        clock.Advance(Patience + TimeSpan.FromSeconds(1));
        await ArriveAsync(1);

        sink.Attempts.ShouldBe(2);
        await Eventually.BeTrueAsync(async () => await CountAsync("sent_at is not null") == 1);
    }

    [Fact]
    public async Task After_a_day_a_letter_is_given_up_and_its_text_wiped()
    {
        await using var node = await StartAsync();
        for (var i = 0; i < 200; i++)
            sink.NextFault(SmtpFault.RefuseRecipient);
        await WriteAsync(node);

        await UntilAsync(TimeSpan.FromMinutes(30), async () => await CountAsync("next_at is null and sent_at is null and body is null") == 1);

        sink.Letters.ShouldBeEmpty();
        (await CountAsync("last_error is not null")).ShouldBe(1);
        (await CountAsync("attempts between 5 and 50")).ShouldBe(1);
    }

    [Fact]
    public async Task Letters_survive_a_restart()
    {
        await using (var first = await StartAsync())
        {
            sink.NextFault(SmtpFault.BreakOff);
            await WriteAsync(first);
            // Time stands from the attempt on: a letter that is due again would be sent before the node is gone.
            await UntilAsync(Step, () => Task.FromResult(sink.Attempts == 1), "it is tried");
            await Eventually.BeTrueAsync(async () => await CountAsync("last_error is not null") == 1, "the failure is kept");
        }

        sink.Letters.ShouldBeEmpty();
        await using var next = await StartAsync();
        await ArriveAsync(1);
    }

    [Fact]
    public async Task Two_nodes_share_the_letters_and_send_none_twice()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        for (var i = 0; i < 12; i++)
            await WriteAsync(one, $"letter {i}");

        await ArriveAsync(12);

        await Eventually.BeTrueAsync(async () => await CountAsync("sent_at is not null") == 12);
        sink.Letters.Select(letter => letter.Subject).Distinct().Count().ShouldBe(12);
        sink.Letters.Count.ShouldBe(12);
    }

    [Fact]
    public async Task A_letter_of_a_transaction_that_rolled_back_is_never_sent()
    {
        await using var node = await StartAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => node.Db.InTransactionAsync(async Task (tx) =>
        {
            await node.Mail.SendAsync(tx, new Letter("test", "ada@example.org", "never", "never"), CancellationToken.None);
            throw new InvalidOperationException();
        }, CancellationToken.None));
        await WriteAsync(node, "after");

        await ArriveAsync(1);

        sink.Letters.Single().Subject.ShouldBe("after");
    }

    [Fact]
    public async Task Nothing_in_a_letter_becomes_a_header_or_a_second_recipient()
    {
        await using var node = await StartAsync();
        await WriteAsync(node, "hello\r\nBcc: eve@example.org\n\nX-Evil: yes", "text\r\n.\r\nMAIL FROM:<eve@example.org>");

        await ArriveAsync(1);

        var letter = sink.Letters.Single();
        letter.Recipients.ShouldBe(["ada@example.org"]);
        letter.Headers.Keys.ShouldNotContain("Bcc");
        letter.Headers.Keys.ShouldNotContain("X-Evil");
        letter.Subject.ShouldStartWith("hello");
        letter.Body.ShouldContain("MAIL FROM");
        sink.Letters.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("ada@example.org\r\nBcc: eve@example.org")]
    [InlineData("ada@example.org,eve@example.org")]
    [InlineData("Eve <eve@example.org>")]
    [InlineData("<eve@example.org>")]
    [InlineData("ada")]
    [InlineData("")]
    public async Task What_is_not_one_bare_address_is_refused(string recipient)
    {
        await using var node = await StartAsync();

        await Should.ThrowAsync<ArgumentException>(() => node.Mail.SendAsync(node.Db, new Letter("test", recipient, "s", "b"), CancellationToken.None));
    }

    [Fact]
    public async Task The_text_is_sealed_at_rest()
    {
        var (app, owner) = await server.BeginAsync();
        owner.Dispose();
        await app.Mail.SendAsync(app.Db, new Letter("test", "ada@example.org", "subject", "a secret link"), CancellationToken.None);

        var stored = await server.Db.FindAsync<string>("select encode(body, 'escape') from kernel.mail", null, CancellationToken.None);

        stored.ShouldNotBeNull().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(null, null, null, false, null)]
    [InlineData("mail.example.org", "jean@example.org", null, false, null)]
    [InlineData("mail.example.org", null, null, true, "Mail:From")]
    [InlineData("mail.example.org", "Jean <jean@example.org>", null, true, "Mail:From")]
    [InlineData("mail.example.org", "jean@example.org", "secret", false, "in the clear")]
    [InlineData("mail.example.org", "jean@example.org", "secret", true, null)]
    [InlineData("127.0.0.1", "jean@example.org", "secret", false, null)]
    public void Settings_that_cannot_work_or_would_leak_the_password_are_refused(string? host, string? from, string? password, bool startTls, string? told)
    {
        var options = new MailOptions { Host = host, From = from, User = password is null ? null : "jean", Password = password, StartTls = startTls };

        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), problems, validateAllProperties: true);

        if (told is null)
            problems.ShouldBeEmpty();
        else
            problems.ShouldHaveSingleItem().ErrorMessage.ShouldNotBeNull().ShouldContain(told);
    }

    async Task<AccountsApp> StartAsync()
    {
        var node = await AccountsApp.StartAsync(
            server, clock, new NodeLink(),
            ("Mail:Host", "127.0.0.1"), ("Mail:Port", sink.Port.ToString()), ("Mail:StartTls", "false"), ("Mail:From", "jean@example.org"),
            ("Mail:Timeout", Patience.ToString()));
        transports.Add(node.Transport);
        return node;
    }

    static Task WriteAsync(AccountsApp node, string subject = "a subject", string body = "a text")
        => node.Mail.SendAsync(node.Db, new Letter("test", "ada@example.org", subject, body), CancellationToken.None);

    Task ArriveAsync(int count) => UntilAsync(Step, () => Task.FromResult(sink.Letters.Count >= count), $"{count} letters arrive");

    /// <summary>Time stands while a letter is on its way, which takes real time; otherwise its patience would end at once.</summary>
    Task UntilAsync(TimeSpan step, Func<Task<bool>> condition, string? because = null) => Eventually.BeTrueAsync(async () =>
    {
        if (await condition())
            return true;
        if (!transports.Exists(transport => transport.Busy))
            clock.Advance(step);
        return false;
    }, because);

    Task<int> CountAsync(string condition) => server.Db.FindAsync<int>($"select count(*)::int from kernel.mail where {condition}", null, CancellationToken.None)!;
}
