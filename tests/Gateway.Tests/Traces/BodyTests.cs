using System.Net;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Tests.Control;
using JeanTrail.Gateway.Traces;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Gateway.Tests.Routed;

namespace JeanTrail.Gateway.Tests.Traces;

public sealed class BodyTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    Task<string> RouteAsync(OpenAiServer upstream, bool keep = true)
        => gateway.RouteAsync(upstream.BaseUrl, rule => rule with { Cache = new RouteCache("off"), KeepBodies = keep, Guardrails = [new GuardrailRule("mask")] });

    /// <summary>The id of the only call to a route, when what was said in it is written down.</summary>
    async Task<Guid> KeptAsync(string route)
    {
        var id = await gateway.ClosedCallAsync(route);
        await gateway.Host.Services.GetRequiredService<BodyArchive>().FlushAsync(CancellationToken.None);
        return id;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_said_is_kept_behind_the_guardrails_and_sealed(bool stream)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("Write to the lighthouse, jean@example.org");
        var route = await RouteAsync(upstream);
        await gateway.AskAsync("chat/completions", Question(route, "I am the harbourmaster, anna@example.org", stream));

        var id = await KeptAsync(route);
        var bodies = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{id}/bodies");

        bodies.Status.ShouldBe(HttpStatusCode.OK);
        bodies["request"].GetString().ShouldNotBeNull().ShouldContain("I am the harbourmaster, [email]");
        var reply = JsonDocument.Parse(bodies["reply"].GetString()!).RootElement;
        reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("Write to the lighthouse, [email]");
        bodies["requestTruncated"].GetBoolean().ShouldBeFalse();
        (await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{id}"))["bodiesUntil"].GetDateTimeOffset().ShouldBe(bodies["expiresAt"].GetDateTimeOffset());
        var row = (await gateway.Db.FindAsync<Row>("select request, reply from gateway.call_body where call_id = @id", new { id }, CancellationToken.None)).ShouldNotBeNull();
        foreach (var body in new[] { row.Request, row.Reply })
        {
            Encoding.UTF8.GetString(body).ShouldNotContain("harbour");
            Encoding.UTF8.GetString(body).ShouldNotContain("lighthouse");
            Encoding.UTF8.GetString(body).ShouldNotContain("messages");
        }
    }

    public sealed record Row(byte[] Request, byte[] Reply);

    [Fact]
    public async Task Nothing_is_kept_where_the_owner_did_not_ask_for_it()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream, keep: false);
        await gateway.AskAsync("chat/completions", Question(route, "hello"));

        var id = await gateway.ClosedCallAsync(route);
        (await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{id}/bodies")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{id}"))["bodiesUntil"].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task What_cannot_be_kept_harms_no_call()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream);
        await gateway.Db.ExecuteAsync("alter table gateway.call_body rename to call_body_away", null, CancellationToken.None);

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello"));
        var id = await gateway.ClosedCallAsync(route);
        await gateway.Host.Services.GetRequiredService<BodyArchive>().FlushAsync(CancellationToken.None);
        await gateway.Db.ExecuteAsync("alter table gateway.call_body_away rename to call_body", null, CancellationToken.None);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{id}/bodies")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_a_failed_call_the_request_is_kept_and_of_a_cut_one_what_came()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var (failed, cut) = (await RouteAsync(upstream), await RouteAsync(upstream));
        upstream.NextFault(OpenAiFault.Status(500)).NextFault(OpenAiFault.ErrorAfter(2));
        await gateway.AskAsync("chat/completions", Question(failed, "hello"));
        await gateway.AskAsync("chat/completions", Question(cut, "hello", stream: true));

        var first = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{await KeptAsync(failed)}/bodies");
        var second = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{await KeptAsync(cut)}/bodies");

        first["request"].GetString().ShouldNotBeNull().ShouldContain("hello");
        first["reply"].ValueKind.ShouldBe(JsonValueKind.Null, first.Text);
        // The last word may have become something else, and was held back.
        second["reply"].GetString().ShouldNotBeNull().ShouldContain("\"content\":\"one");
    }

    [Fact]
    public async Task Large_bodies_are_cut_and_say_so()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(new string('y', 300 * 1024));
        var route = await RouteAsync(upstream);
        await gateway.AskAsync("chat/completions", Question(route, new string('x', 300 * 1024)));

        var bodies = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{await KeptAsync(route)}/bodies");

        bodies.Status.ShouldBe(HttpStatusCode.OK, bodies.Text);
        (bodies["requestTruncated"].GetBoolean(), bodies["replyTruncated"].GetBoolean()).ShouldBe((true, true));
        bodies["request"].GetString().ShouldNotBeNull().Length.ShouldBe(256 * 1024);
        bodies["reply"].GetString().ShouldNotBeNull().Length.ShouldBe(256 * 1024);
    }

    [Fact]
    public async Task They_expire_and_are_removed()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream);
        await gateway.AskAsync("chat/completions", Question(route, "hello"));
        var id = await KeptAsync(route);
        var row = (await gateway.Db.FindAsync<Times>("select created_at, expires_at from gateway.call_body where call_id = @id", new { id }, CancellationToken.None)).ShouldNotBeNull();
        (row.ExpiresAt - row.CreatedAt).ShouldBe(TimeSpan.FromDays(7));

        await gateway.Db.ExecuteAsync("update gateway.call_body set expires_at = @now where call_id = @id", new { id, now = gateway.Clock.GetUtcNow() }, CancellationToken.None);

        (await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{id}/bodies")).Status.ShouldBe(HttpStatusCode.NotFound);
        await new BodyUpkeep(gateway.Db, gateway.Clock).RunAsync(CancellationToken.None);
        (await gateway.Db.FindAsync<int>("select count(*)::int from gateway.call_body where call_id = @id", new { id }, CancellationToken.None)).ShouldBe(0);
    }

    public sealed record Times(DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    [Fact]
    public async Task Nobody_but_the_owner_reads_them()
    {
        using var stranger = gateway.Host.NewClient();
        (await stranger.CallAsync(HttpMethod.Get, $"calls/{Guid.CreateVersion7()}/bodies")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var (mia, _) = await gateway.Host.AddPersonAsync("mia@example.org");
        using (mia)
            (await mia.CallAsync(HttpMethod.Get, $"calls/{Guid.CreateVersion7()}/bodies")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
