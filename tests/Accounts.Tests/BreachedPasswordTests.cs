using System.Net;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.Tests;

/// <summary>Passwords that were in a breach: the file, and the service that learns five digits.</summary>
public sealed class BreachedPasswordTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>, IAsyncLifetime
{
    const string Breached = "violet harbour lantern";

    public Task InitializeAsync() => database.EmptyAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(1, "\n")]
    [InlineData(2, "\r\n")]
    [InlineData(1000, "\r\n")]
    [InlineData(1001, "\n")]
    public async Task Every_line_of_a_sorted_file_is_found_and_nothing_else(int lines, string ending)
    {
        var hashes = Enumerable.Range(0, lines).Select(number => Hash($"password {number}")).Order(StringComparer.Ordinal).ToList();
        var path = Path.Combine(database.Folder, $"hashes-{lines}-{ending.Length}.txt");
        await File.WriteAllTextAsync(path, string.Join(ending, hashes.Select((hash, index) => $"{hash}:{(index * 7919 % 40_000_000) + 1}")) + ending);

        foreach (var hash in hashes)
            (await HashList.ContainsAsync(path, hash, default)).ShouldBeTrue(hash);
        foreach (var number in Enumerable.Range(0, 200))
            (await HashList.ContainsAsync(path, Hash($"another {number}"), default)).ShouldBeFalse();
        foreach (var edge in new[] { new string('0', 40), new string('F', 40) })
            (await HashList.ContainsAsync(path, edge, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_file_has_nothing_and_another_kind_of_file_is_told()
    {
        var path = Path.Combine(database.Folder, "empty.txt");
        await File.WriteAllTextAsync(path, "");
        (await HashList.ContainsAsync(path, Hash("x"), default)).ShouldBeFalse();

        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("these are not hashes at all, and the line goes on for quite a while without an end ", 20)));
        await Should.ThrowAsync<InvalidDataException>(() => HashList.ContainsAsync(path, Hash("x"), default));
    }

    [Fact]
    public async Task The_file_is_asked_at_setup_sign_up_reset_and_change()
    {
        var path = await FileAsync();
        await using var app = await StartAsync(("Accounts:BreachedPasswords:File", path));
        using var browser = app.NewBrowser();
        var code = await app.Setup.PrepareAsync(default);

        var refused = await browser.PostAsync("setup", new { code, email = "ada@example.org", displayName = "Ada", password = Breached, locale = "en" });

        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.BadRequest, "accounts.password_breached"));
        refused["errors"].TryGetProperty("password", out _).ShouldBeTrue();
        using var owner = await app.NewOwnerAsync();
        (await owner.PutAsync("password", new { current = AccountsApp.Password, password = Breached })).Code.ShouldBe("accounts.password_breached");
        await owner.PutAsync("settings", new { signUp = "open" });
        await browser.PostAsync("sign-up", new { email = "new@example.org", locale = "en" });
        var mailbox = new Mailbox(owner);
        (await browser.PostAsync("sign-up/finish", new { token = await mailbox.TokenAsync("new@example.org", "sign-up"), displayName = "New", password = Breached })).Code
            .ShouldBe("accounts.password_breached");
        await browser.PostAsync("password/forgot", new { email = "ada@example.org" });
        (await browser.PostAsync("password/reset", new { token = await mailbox.TokenAsync("ada@example.org", "reset"), password = Breached })).Code.ShouldBe("accounts.password_breached");
        (await app.Administration.ResetPasswordAsync("ada@example.org", Breached, default)).Error.ShouldNotBeNull().Code.ShouldBe("accounts.password_breached");
    }

    [Fact]
    public async Task A_file_that_is_away_keeps_nobody_from_a_password_and_is_logged()
    {
        await using var app = await StartAsync(("Accounts:BreachedPasswords:File", Path.Combine(database.Folder, "not-there.txt")));
        using var owner = await app.NewOwnerAsync();

        app.Logs.Entries.ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("file of breached passwords", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_service_learns_five_digits_and_nothing_more()
    {
        await using var service = await RangeService.StartAsync();
        await using var app = await StartAsync(("Accounts:BreachedPasswords:Service", service.Address), ("Accounts:BreachedPasswords:Patience", "00:01:00"));
        using var owner = await app.NewOwnerAsync();

        (await owner.PutAsync("password", new { current = AccountsApp.Password, password = Breached })).Code.ShouldBe("accounts.password_breached");
        (await owner.PutAsync("password", new { current = AccountsApp.Password, password = "a padded line in the answer" })).Status.ShouldBe(HttpStatusCode.NoContent);

        service.Asked.ShouldContain($"/range/{Hash(Breached)[..5]}");
        service.Asked.ShouldAllBe(path => path.Length == "/range/12345".Length);
        service.Padded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("500")]
    [InlineData("huge")]
    public async Task A_service_that_fails_keeps_nobody_from_a_password_and_is_logged(string fault)
    {
        await using var service = await RangeService.StartAsync(fault);
        await using var app = await StartAsync(("Accounts:BreachedPasswords:Service", service.Address), ("Accounts:BreachedPasswords:Patience", "00:00:00.3"));
        using var owner = await app.NewOwnerAsync();

        (await owner.PutAsync("password", new { current = AccountsApp.Password, password = Breached })).Status.ShouldBe(HttpStatusCode.NoContent);

        app.Logs.Entries.ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("service of breached passwords", StringComparison.Ordinal));
    }

    Task<AccountsApp> StartAsync(params (string Name, string Value)[] settings) => AccountsApp.StartAsync(database, new FakeClock(), new NodeLink(), settings);

    async Task<string> FileAsync()
    {
        var path = Path.Combine(database.Folder, "breached.txt");
        var lines = Enumerable.Range(0, 500).Select(number => Hash($"other {number}")).Append(Hash(Breached)).Order(StringComparer.Ordinal).Select(hash => $"{hash}:3");
        await File.WriteAllLinesAsync(path, lines);
        return path;
    }

#pragma warning disable CA5350 // The collections are of SHA-1.
    static string Hash(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350

    /// <summary>Answers as the public range service does.</summary>
    sealed class RangeService(WebApplication app) : IAsyncDisposable
    {
        public List<string> Asked { get; } = [];

        public bool Padded { get; private set; }

        public string Address => app.Urls.First();

        public static async Task<RangeService> StartAsync(string? fault = null)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var service = new RangeService(app);
            app.MapGet("/range/{prefix}", (string prefix, HttpContext context) => service.AnswerAsync(prefix, fault, context));
            await app.StartAsync();
            return service;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        async Task AnswerAsync(string prefix, string? fault, HttpContext context)
        {
            lock (Asked)
                Asked.Add(context.Request.Path);
            Padded = context.Request.Headers["Add-Padding"] == "true";
            if (fault == "slow")
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (fault == "500")
                context.Response.StatusCode = 500;
            var known = new[] { (Breached, 12), ("a padded line in the answer", 0) }.Select(one => (Hash: Hash(one.Item1), one.Item2)).Where(one => one.Hash.StartsWith(prefix, StringComparison.Ordinal));
            var text = string.Join("\r\n", known.Select(one => $"{one.Hash[5..]}:{one.Item2}").Append($"{new string('0', 35)}:0"));
            await context.Response.WriteAsync(fault == "huge" ? new string('0', 1024 * 1024) : text, CancellationToken.None);
        }
    }
}
