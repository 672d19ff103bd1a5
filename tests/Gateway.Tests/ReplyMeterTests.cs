using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Tests;

public sealed class ReplyMeterTests
{
    static readonly Gen<string> Chunks = Gen.Frequency(
        (10, from text in Texts() select $$$"""{"id":"c","choices":[{"index":0,"delta":{"content":{{{Quoted(text)}}}},"finish_reason":null}]}"""),
        (2, from text in Texts() select $$$"""{"id":"c","choices":[{"index":0,"delta":{"reasoning_content":{{{Quoted(text)}}}},"finish_reason":null}]}"""),
        (2, from text in Texts() select $$$"""{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":{{{Quoted(text)}}}}}]},"finish_reason":null}]}"""),
        (1, Gen.Constant("""{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""")),
        (1, Gen.Constant("""{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null},{"index":1,"delta":{"content":"b"},"finish_reason":null}]}""")),
        (1, Gen.Constant("""{"id":"c","choices":[{"index":0,"delta":{"content":"last"},"finish_reason":"stop"}]}""")),
        (1, Gen.Constant("""{"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""")),
        (1, Gen.Constant("""{"error":{"message":"Overloaded"}}""")));

    /// <summary>An event that is like the one before it is not read again; it must count as if it were.</summary>
    [Fact]
    public void Each_event_counts_the_same_whatever_came_before_it()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Chunks.ArrayOf(30).ToArbitrary(), chunks =>
        {
            var running = new ReplyMeter(Surface.ChatCompletions);
            var (pieces, bytes) = (0, 0L);
            foreach (var chunk in chunks)
            {
                var alone = new ReplyMeter(Surface.ChatCompletions);
                alone.Take(Encoding.UTF8.GetBytes(chunk));
                running.Take(Encoding.UTF8.GetBytes(chunk));
                (pieces, bytes) = (pieces + alone.Facts.Pieces, bytes + alone.Facts.OutputBytes);
                (running.HadContent, running.WasUsageOnly, running.Fault is null).ShouldBe((alone.HadContent, alone.WasUsageOnly, alone.Fault is null), chunk);
                (running.Facts.Pieces, running.Facts.OutputBytes).ShouldBe((pieces, bytes), chunk);
                if (alone.Facts.Finished)
                    (running.Facts.Finished, running.Facts.FinishReason).ShouldBe((true, "stop"));
            }
        }));

    [Theory]
    [InlineData("bro\"ken")]
    [InlineData("brok\nen")]
    [InlineData("a\",\"b\":\"c")]
    public void What_only_looks_like_the_event_before_it_is_read(string text)
    {
        var meter = new ReplyMeter(Surface.ChatCompletions);
        byte[] Event(string content) => Encoding.UTF8.GetBytes($$$"""{"choices":[{"index":0,"delta":{"content":"{{{content}}}"},"finish_reason":null}]}""");
        meter.Take(Event("first"));
        meter.Take(Event("second"));
        meter.Facts.Pieces.ShouldBe(2);
        if (text.Contains(",\"", StringComparison.Ordinal))
        {
            meter.Take(Event(text));
            meter.Facts.OutputBytes.ShouldBe("firstsecondac".Length, "two strings, and not one with quotes in it");
        }
        else
        {
            Should.Throw<InvalidDataException>(() => meter.Take(Event(text)));
        }
    }

    static Gen<string> Texts() => Gen.Elements("word ", "", "\"quoted\"", "line\nbreak", "море 🌊", "back\\slash", "}]}", " ");

    static string Quoted(string text) => JsonSerializer.Serialize(text);
}
