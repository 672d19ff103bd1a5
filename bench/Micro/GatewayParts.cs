using System.Text;
using BenchmarkDotNet.Attributes;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Bench.Micro;

/// <summary>What the gateway does with the bytes of a call: reading the request, naming the upstream's model in it, counting the answer.</summary>
[MemoryDiagnoser]
public class GatewayParts
{
    readonly byte[] request = Encoding.UTF8.GetBytes(
        $$"""{"model":"upstream/bench","stream":true,"messages":[{{string.Join(',', Enumerable.Range(0, 20).Select(number => $$"""{"role":"{{(number % 2 == 0 ? "user" : "assistant")}}","content":"Message {{number}}: how is the harbour this morning, and who came in during the night?"}"""))}}]}""");

    readonly byte[] whole = """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"The harbour is calm this morning."},"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":17,"total_tokens":41}}"""u8.ToArray();

    readonly byte[][] events =
    [
        .. Enumerable.Range(0, 50).Select(number => Encoding.UTF8.GetBytes($$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[{"index":0,"delta":{"content":" word{{number}}"},"finish_reason":{{(number == 49 ? "\"stop\"" : "null")}}}]}""")),
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[],"usage":{"prompt_tokens":24,"completion_tokens":50,"total_tokens":74}}"""u8.ToArray(),
    ];

    RequestShape shape = null!;

    [GlobalSetup]
    public void Setup() => shape = Read();

    [Benchmark(Description = "read a request of 20 messages")]
    public object ReadRequest() => Read();

    [Benchmark(Description = "write the upstream's model into it")]
    public int SpliceRequest() => RequestSplice.Write(request, shape, "bench", askUsage: true).Length;

    [Benchmark(Description = "count a whole answer")]
    public long? CountWhole()
    {
        var meter = new ReplyMeter(Surface.ChatCompletions);
        meter.TakeWhole(whole);
        return meter.Facts.OutputTokens;
    }

    [Benchmark(Description = "count a stream of 50 chunks")]
    public long? CountStream()
    {
        var meter = new ReplyMeter(Surface.ChatCompletions);
        foreach (var data in events)
            meter.Take(data);
        return meter.Facts.OutputTokens;
    }

    RequestShape Read() => RequestShape.Read(request).TryGet(out var read, out _) ? read : throw new InvalidOperationException("The request of the benchmark is not valid.");
}
