using System.Net;
using System.Net.Sockets;
using JeanTrail.Kernel.Http;
using JeanTrail.Testing;

namespace JeanTrail.Kernel.Tests.Http;

public sealed class SsrfGuardTests
{
    [Theory]
    [InlineData("93.184.216.34", true, true)]
    [InlineData("2606:2800:220:1::1", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("127.255.255.254", false, true)]
    [InlineData("10.0.0.1", false, true)]
    [InlineData("172.16.0.1", false, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.1.1", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("fd12:3456::1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("::ffff:8.8.8.8", true, true)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("::127.0.0.1", false, true)]
    [InlineData("64:ff9b::7f00:1", false, true)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false)]
    [InlineData("64:ff9b::808:808", true, true)]
    [InlineData("64:ff9b:1::808:808", false, false)]
    [InlineData("2002:7f00:1::1", false, true)]
    [InlineData("2002:a9fe:a9fe::1", false, false)]
    [InlineData("2001:0:53aa:64c:0:0:0:0", false, false)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("169.254.0.1", false, false)]
    [InlineData("168.63.129.16", false, false)]
    [InlineData("100.100.100.200", false, false)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("fe80::1%2", false, false)]
    [InlineData("fec0::1", false, false)]
    [InlineData("ff02::1", false, false)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("0.1.2.3", false, false)]
    [InlineData("::", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("240.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    [InlineData("192.0.2.1", false, false)]
    [InlineData("198.18.0.1", false, false)]
    [InlineData("2001:db8::1", false, false)]
    [InlineData("4000::1", false, false)]
    public void Addresses_are_sorted(string address, bool isPublic, bool isForOwner)
    {
        AddressRules.IsAllowed(IPAddress.Parse(address), OutboundPolicy.Public).ShouldBe(isPublic);
        AddressRules.IsAllowed(IPAddress.Parse(address), OutboundPolicy.OwnerConfigured).ShouldBe(isForOwner);
    }

    [Theory]
    [InlineData("https://example.org/v1", null)]
    [InlineData("http://example.org:8080/a?b=c", null)]
    [InlineData("https://пример.рф/", null)]
    [InlineData("http://2130706433/", "kernel.address_refused")]
    [InlineData("http://0x7f000001/", "kernel.address_refused")]
    [InlineData("http://0177.0.0.1/", "kernel.address_refused")]
    [InlineData("http://127.1/", "kernel.address_refused")]
    [InlineData("http://0/", "kernel.address_refused")]
    [InlineData("http://[::1]/", "kernel.address_refused")]
    [InlineData("http://[::ffff:7f00:1]/", "kernel.address_refused")]
    [InlineData("http://[64:ff9b::7f00:1]/", "kernel.address_refused")]
    [InlineData("http://169.254.169.254/latest/meta-data", "kernel.address_refused")]
    [InlineData("http://localhost:5432/", "kernel.address_refused")]
    [InlineData("http://LOCALHOST./", "kernel.address_refused")]
    [InlineData("http://app.localhost/", "kernel.address_refused")]
    [InlineData("http://127.0.0.1./", "kernel.address_refused")]
    [InlineData("http://①②⑦.⓪.⓪.①/", "kernel.address_refused")]
    [InlineData("http://user:pass@example.org/", "kernel.url_invalid")]
    [InlineData("http://example.org@127.0.0.1/", "kernel.url_invalid")]
    [InlineData("http://@example.org/", "kernel.url_invalid")]
    [InlineData("http://example.org\\@127.0.0.1/", "kernel.url_invalid")]
    [InlineData("ftp://example.org/", "kernel.url_invalid")]
    [InlineData("file:///etc/passwd", "kernel.url_invalid")]
    [InlineData("gopher://example.org/", "kernel.url_invalid")]
    [InlineData("javascript:alert(1)", "kernel.url_invalid")]
    [InlineData("//example.org/", "kernel.url_invalid")]
    [InlineData("/v1", "kernel.url_invalid")]
    [InlineData(" http://example.org/", "kernel.url_invalid")]
    [InlineData("http://exa\tmple.org/", "kernel.url_invalid")]
    [InlineData("http://example.org:0/", "kernel.url_invalid")]
    [InlineData("http:///path", "kernel.url_invalid")]
    [InlineData("", "kernel.url_invalid")]
    [InlineData(null, "kernel.url_invalid")]
    public void Addresses_that_somebody_typed_are_read_strictly(string? url, string? code)
        => SsrfGuard.Check(url, OutboundPolicy.Public).Error?.Code.ShouldBe(code);

    [Theory]
    [InlineData("http://localhost:11434/v1", null)]
    [InlineData("http://192.168.1.20:8000/v1", null)]
    [InlineData("http://169.254.169.254/", "kernel.address_refused")]
    [InlineData("http://2852039166/", "kernel.address_refused")]
    [InlineData("http://0.0.0.0:11434/", "kernel.address_refused")]
    public void The_owner_may_name_this_machine_but_not_metadata(string url, string? code)
    {
        var result = SsrfGuard.Check(url, OutboundPolicy.OwnerConfigured);

        result.Error?.Code.ShouldBe(code);
        result.Succeeded.ShouldBe(code is null);
    }

    sealed class Names(params (string Host, string[] Addresses)[] known) : IHostResolver
    {
        int asked;

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
        {
            var answers = known.Where(name => name.Host == host).ToArray();
            return Task.FromResult(answers[Math.Min(asked++, answers.Length - 1)].Addresses.Select(IPAddress.Parse).ToArray());
        }
    }

    static async Task<Exception?> TryConnectAsync(SsrfGuard guard, string host, OutboundPolicy policy, int port = 9)
    {
        using var patience = new CancellationTokenSource(Eventually.DefaultDeadline);
        try
        {
            await using var stream = await guard.ConnectAsync(new DnsEndPoint(host, port), policy, patience.Token);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_refused_when_it_is_connected_to()
    {
        var guard = new SsrfGuard(new Names(("inside.example", ["10.1.2.3"]), ("mixed.example", ["93.184.216.34", "127.0.0.1"])));

        (await TryConnectAsync(guard, "inside.example", OutboundPolicy.Public)).ShouldBeOfType<AddressRefusedException>();
        (await TryConnectAsync(guard, "mixed.example", OutboundPolicy.Public)).ShouldBeOfType<AddressRefusedException>();
        (await TryConnectAsync(guard, "127.0.0.1", OutboundPolicy.Public)).ShouldBeOfType<AddressRefusedException>();
    }

    [Fact]
    public async Task A_name_that_is_rebound_after_a_good_answer_is_refused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var guard = new SsrfGuard(new Names(("rebound.example", ["127.0.0.1"]), ("rebound.example", ["169.254.169.254"])));

        (await TryConnectAsync(guard, "rebound.example", OutboundPolicy.OwnerConfigured, port)).ShouldBeNull();
        (await TryConnectAsync(guard, "rebound.example", OutboundPolicy.OwnerConfigured, port)).ShouldBeOfType<AddressRefusedException>();
    }

    [Fact]
    public async Task A_redirect_to_a_forbidden_address_is_not_followed()
    {
        await using var app = await EdgeApp.StartAsync(routes => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions
            .MapGet(routes, "/hop", () => Microsoft.AspNetCore.Http.TypedResults.Redirect("http://metadata.example/latest")));
        var guard = new SsrfGuard(new Names(("hop.example", ["127.0.0.1"]), ("metadata.example", ["169.254.169.254"])));
        using var client = new HttpClient(guard.CreateHandler(OutboundPolicy.OwnerConfigured));
        client.DefaultRequestHeaders.Add("Cookie", $"test={app.UserId}:{app.SessionId}");

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://hop.example:{app.Address.Port}/hop")));

        failure.InnerException.ShouldBeOfType<AddressRefusedException>();
    }

    [Fact]
    public async Task Proxies_from_the_environment_are_ignored_and_owner_addresses_work()
    {
        await using var app = await EdgeApp.StartAsync();
        var guard = new SsrfGuard(new Names(("own.example", ["127.0.0.1"])));
        using var handler = guard.CreateHandler(OutboundPolicy.OwnerConfigured);
        using var client = new HttpClient(handler);

        handler.UseProxy.ShouldBeFalse();
        (await client.GetStringAsync(new Uri($"http://own.example:{app.Address.Port}/health/live"))).ShouldContain("live");
    }
}
