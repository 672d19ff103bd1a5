using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Dialects;

public sealed class OpenAiDialectTests : DialectConformance
{
    OpenAiServer server = null!;

    private protected override IDialect Dialect { get; } = new OpenAiDialect();

    protected override Uri BaseUrl => server.BaseUrl;

    protected override string ApiKey => "sk-right-0123456789";

    protected override string Model => "sim-small";

    protected override string ThinkingModel => "sim-large";

    protected override JsonElement LastBody => server.Requests.Last().Body;

    protected override IEnumerable<FaultCase> Faults =>
    [
        Fault("unauthorized", OpenAiFault.Status(401), "gateway.upstream_unauthorized", Blame.Client),
        Fault("forbidden", OpenAiFault.Status(403), "gateway.upstream_unauthorized", Blame.Client),
        Fault("no credit", OpenAiFault.Status(402), "gateway.upstream_quota_exceeded", Blame.Client),
        Fault("too large", OpenAiFault.Status(413), "gateway.context_too_long", Blame.Client),
        Fault("slow down", OpenAiFault.TooManyRequests(), "gateway.upstream_rate_limited", Blame.Upstream, mayRetry: true),
        Fault("slow down for long", OpenAiFault.TooManyRequests(30), "gateway.upstream_rate_limited", Blame.Upstream, true, 30),
        Fault("bad request", OpenAiFault.Status(400), "gateway.upstream_error", Blame.Client),
        Fault("server error", OpenAiFault.Status(500), "gateway.upstream_error", Blame.Upstream),
        Fault("unavailable", OpenAiFault.Status(503), "gateway.upstream_error", Blame.Upstream, mayRetry: true),
        Fault("timeout", OpenAiFault.Status(504), "gateway.upstream_timeout", Blame.Upstream),
        Fault("a page", OpenAiFault.Html(502), "gateway.upstream_error", Blame.Upstream, mayRetry: true),
    ];

    [Fact]
    public async Task The_request_goes_out_as_it_came_but_for_the_name_of_the_model()
    {
        await SendAsync(Request("""[{"role":"user","content":"Hi"}]""", """{"made_up":{"a":[1,2.50]},"logit_bias":{"50256":-100}}"""));

        var expected = JsonNode.Parse("""{"made_up":{"a":[1,2.50]},"logit_bias":{"50256":-100},"messages":[{"role":"user","content":"Hi"}],"model":"sim-small"}""");
        JsonNode.DeepEquals(JsonNode.Parse(LastBody.GetRawText()), expected).ShouldBeTrue(LastBody.GetRawText());
    }

    [Theory]
    [InlineData(Surface.Responses, "responses")]
    [InlineData(Surface.Embeddings, "embeddings")]
    [InlineData(Surface.Rerank, "rerank")]
    internal void Other_surfaces_keep_their_path_and_are_not_asked_to_count(Surface surface, string path)
    {
        var call = Dialect.Write(DialectDriver.Request("""{"model":"x","stream":true,"input":"a"}""", "real", surface, askUsage: true)).Value;

        call.Path.ShouldBe(path);
        System.Text.Encoding.UTF8.GetString(call.Body.Span).ShouldBe("""{"model":"real","stream":true,"input":"a"}""");
    }

    protected override async Task StartAsync() => server = await OpenAiServer.StartAsync(new() { ApiKey = ApiKey });

    protected override async Task StopAsync() => await server.DisposeAsync();

    protected override void NextAnswer(ScriptedAnswer answer) => server.NextAnswer(answer);

    protected override void NextInterrupted(string text, Interruption how, int pieces)
    {
        server.NextReply(text);
        server.NextFault(how switch
        {
            Interruption.Error => OpenAiFault.ErrorAfter(pieces),
            Interruption.Close => OpenAiFault.CloseAfter(pieces),
            _ => OpenAiFault.InvalidJsonAfter(pieces),
        });
    }

    protected override void NextTorn(int sizeBytes) => server.NextFault(OpenAiFault.SplitWrites(sizeBytes));

    protected override ScriptedAnswer JsonAnswer(string json) => json;

    protected override string? SystemOf(JsonElement body)
        => string.Concat(body.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() is "system" or "developer").Select(message => message.GetProperty("content").GetString()));

    protected override IEnumerable<(string Role, string Text)> TurnsOf(JsonElement body) => server.Requests.Last().Messages;

    protected override string? ForcedToolOf(JsonElement body) => body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString();

    protected override IEnumerable<string> ImagesOf(JsonElement body)
        => body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Where(part => part.GetProperty("type").GetString() == "image_url")
            .Select(part => part.GetProperty("image_url").GetProperty("url").GetString()!.Replace("data:", "").Replace(";base64,", " "));

    FaultCase Fault(string name, OpenAiFault fault, string code, Blame blame, bool mayRetry = false, double? retryAfter = null)
        => new(name, () => server.NextFault(fault), code, blame, mayRetry, retryAfter);
}
