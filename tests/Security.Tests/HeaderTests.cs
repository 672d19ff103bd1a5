using System.Globalization;
using System.Text.RegularExpressions;

namespace JeanTrail.Security.Tests;

/// <summary>Grades what the server tells browsers by the rules that public scanners use; nothing below A+ passes.</summary>
public sealed partial class HeaderTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    static readonly TimeSpan HalfAYear = TimeSpan.FromDays(182);

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/api/accounts/session")]
    [InlineData("/api/nothing/here")]
    [InlineData("/docs")]
    [InlineData("/share/nothing")]
    public async Task Every_kind_of_answer_is_worth_an_a_plus(string path)
    {
        using var client = server.Host.NewClient();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));

        Faults(answer).ShouldBeEmpty(path);
    }

    [Fact]
    public async Task Pages_and_cookies_over_https_stay_there()
    {
        await using var behindProxy = await Testing.TestHost.StartAsync(adjust: builder => builder.Configuration["Edge:Proxies:0"] = "127.0.0.1");
        using var client = behindProxy.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var answer = await client.GetAsync(new Uri("/sign-in", UriKind.Relative));

        MaxAge(Header(answer, "Strict-Transport-Security")).ShouldBeGreaterThan(HalfAYear);
    }

    [Fact]
    public async Task No_other_site_may_read_answers()
    {
        using var member = await server.NewMemberAsync();
        member.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        foreach (var operation in server.Operations.Where(operation => !operation.IsUnsafe))
        {
            var seen = await AttackedServer.SendAsync(member, operation.Ask(server.IdOf));
            seen.Response.Headers.Any(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)).ShouldBeFalse(operation.ToString());
        }
    }

    [Fact]
    public async Task Nothing_tells_what_the_server_is_made_of()
    {
        using var client = server.Host.NewClient();

        using var answer = await client.GetAsync(new Uri("/api/nothing/here", UriKind.Relative));

        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("Exception");
    }

    static IEnumerable<string> Faults(HttpResponseMessage answer)
    {
        var policy = Header(answer, "Content-Security-Policy").Split(';', StringSplitOptions.TrimEntries).Select(part => part.Split(' ', 2)).ToDictionary(part => part[0], part => part.ElementAtOrDefault(1) ?? "");
        if (policy.GetValueOrDefault("default-src") is not ("'self'" or "'none'"))
            yield return "CSP has no closed default-src";
        if (policy.Values.Any(value => value.Contains("unsafe", StringComparison.Ordinal)))
            yield return "CSP has an unsafe keyword";
        if (policy.Any(part => part.Key is "script-src" or "object-src" or "base-uri" && Wide().IsMatch(part.Value)))
            yield return "CSP lets scripts come from anywhere";
        foreach (var (directive, value) in new[] { ("object-src", "'none'"), ("base-uri", "'none'"), ("frame-ancestors", "'none'"), ("form-action", "'self'") })
        {
            // A page without forms may refuse them all.
            if (policy.GetValueOrDefault(directive) is not "'none'" and var said && said != value)
                yield return $"CSP {directive} is not {value}";
        }

        foreach (var (name, value) in new[] { ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin") })
        {
            if (Header(answer, name) != value)
                yield return $"{name} is not {value}";
        }

        if (Header(answer, "Referrer-Policy") is not ("no-referrer" or "same-origin" or "strict-origin" or "strict-origin-when-cross-origin"))
            yield return "Referrer-Policy leaks";
        if (Header(answer, "Permissions-Policy").Length == 0)
            yield return "no Permissions-Policy";
    }

    static string Header(HttpResponseMessage answer, string name)
        => answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";

    static TimeSpan MaxAge(string header)
        => AgeInHeader().Match(header) is { Success: true } match ? TimeSpan.FromSeconds(long.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture)) : TimeSpan.Zero;

    [GeneratedRegex("(^|\\s)(\\*|https?:|data:|blob:)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wide();

    [GeneratedRegex("max-age=(?<seconds>\\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AgeInHeader();
}
