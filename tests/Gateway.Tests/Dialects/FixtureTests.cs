using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.Anthropic;
using JeanTrail.Gateway.Dialects.Gemini;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>
/// Replies in the shapes the vendors publish, with members and kinds that the simulators do not send, and what becomes of them. The fixtures
/// are ours, written after the vendors' documentation.
/// </summary>
public sealed class FixtureTests
{
    const string Ask = """{"model":"m","stream":STREAM,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"a"}]}""";

    public static TheoryData<string> Names
        => [.. typeof(FixtureTests).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".expected.json", StringComparison.Ordinal)).Select(name => name.Replace(".expected.json", "").Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Published_shapes_are_understood(string name)
    {
        IDialect dialect = name.StartsWith("anthropic", StringComparison.Ordinal) ? new AnthropicDialect() : new GeminiDialect();
        var isStream = name.Contains("stream", StringComparison.Ordinal);
        var translator = dialect.CreateTranslator(DialectDriver.Request(Ask.Replace("STREAM", isStream ? "true" : "false"), dialect.Name + "-model"))!;
        var output = new ArrayBufferWriter<byte>();
        var reply = new DialectReply();
        if (isStream)
        {
            using var events = new SseReader(new MemoryStream(Read(name + ".sse")));
            while (await events.ReadAsync(CancellationToken.None) is { } data)
                translator.TakeEvent(data, output);
            translator.End(output);
            reply.TakeStream(Encoding.UTF8.GetString(output.WrittenSpan));
        }
        else
        {
            translator.TakeWhole(Read(name + ".json"), output);
            reply.TakeWhole(Encoding.UTF8.GetString(output.WrittenSpan));
        }

        var actual = new JsonObject
        {
            ["text"] = reply.Text,
            ["reasoning"] = reply.First.Reasoning.ToString(),
            ["calls"] = new JsonArray([.. reply.First.Calls.Select(call => (JsonNode)new JsonObject { ["id"] = call.Id, ["name"] = call.Name, ["arguments"] = JsonNode.Parse(call.Arguments) })]),
            ["finish"] = reply.Finish,
            ["usage"] = JsonNode.Parse(reply.Usage.GetRawText()),
        };
        var expected = JsonNode.Parse(Read(name + ".expected.json"));
        JsonNode.DeepEquals(actual, expected).ShouldBeTrue(actual.ToJsonString());
    }

    static byte[] Read(string name)
    {
        var assembly = typeof(FixtureTests).Assembly;
        var resource = assembly.GetManifestResourceNames().Single(candidate => candidate.Replace('\\', '/') == name);
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
