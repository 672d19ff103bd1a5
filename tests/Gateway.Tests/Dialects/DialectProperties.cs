using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.Anthropic;
using JeanTrail.Gateway.Dialects.Gemini;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>Whatever strangers send, from either side.</summary>
public sealed class DialectProperties
{
    static readonly (IDialect Dialect, string Model)[] Dialects =
    [
        (new AnthropicDialect(), "claude-sonnet-4-5"), (new AnthropicDialect(), "claude-opus-4-7"), (new GeminiDialect(), "gemini-2.5-flash"), (new GeminiDialect(), "gemini-3-pro-preview"),
    ];

    static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1500);

    [Fact]
    public void Any_request_with_messages_becomes_a_call_or_an_error()
    {
        var calls = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(seed => new JsonMaker(seed).Request()).ToArbitrary(), body =>
        {
            var shape = RequestShape.Read(Encoding.UTF8.GetBytes(body));
            foreach (var (dialect, model) in shape.Succeeded ? Dialects : [])
            {
                var result = dialect.Write(DialectDriver.Request(body, model));
                calls += result.Succeeded ? 1 : 0;
                if (result.Succeeded)
                    JsonDocument.Parse(result.Value.Body, new JsonDocumentOptions { MaxDepth = 256 }).Dispose();
                else if (result.Error!.Code is not ("gateway.not_translatable" or "gateway.request_invalid"))
                    return false;
                _ = dialect.Write(DialectDriver.Request(body, model, Surface.Embeddings));
            }

            return true;
        }).Check(Often);

        // That most are refused says nothing.
        calls.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Any_reply_is_translated_or_called_nonsense()
        => Prop.ForAll(Gen.Choose(0, int.MaxValue).Select(seed => new JsonMaker(seed).Replies()).ToArbitrary(), replies =>
        {
            foreach (var (dialect, model) in Dialects)
            {
                var request = DialectDriver.Request("""{"model":"m","stream":true,"messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_object"}}""", model);
                var translator = dialect.CreateTranslator(request)!;
                var output = new ArrayBufferWriter<byte>();
                foreach (var reply in replies)
                {
                    _ = dialect.ReadFault(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(reply), null);
                    Try(() => translator.TakeEvent(Encoding.UTF8.GetBytes(reply), output));
                    Try(() => dialect.CreateTranslator(request)!.TakeWhole(Encoding.UTF8.GetBytes(reply), new ArrayBufferWriter<byte>()));
                }

                translator.End(output);
                foreach (var item in Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    if (item != "data: [DONE]")
                        JsonDocument.Parse(item["data: ".Length..]).Dispose();
                }
            }

            return true;
        }).Check(Often);

    static void Try(Action take)
    {
        try
        {
            take();
        }
        catch (Exception failure) when (failure is InvalidDataException or ModelCallException)
        {
            // The two ways a reply may be refused.
        }
    }

    /// <summary>Makes JSON of the words both sides use, in places where they belong and where they do not.</summary>
    sealed class JsonMaker(int seed)
    {
        static readonly string[] Names =
        [
            "type", "role", "content", "text", "image_url", "url", "file", "file_data", "file_id", "input_audio", "data", "format", "tool_calls", "id", "function", "name", "arguments",
            "tool_call_id", "tools", "tool_choice", "response_format", "json_schema", "schema", "reasoning_effort", "thinking", "budget_tokens", "stop", "temperature", "top_p", "top_k",
            "max_tokens", "user", "metadata", "cache_control", "extra_content", "google", "thought_signature", "thinking_blocks", "signature", "refusal", "modalities", "parameters", "properties",
            "additionalProperties", "message", "usage", "input_tokens", "output_tokens", "content_block", "index", "delta", "stop_reason", "partial_json", "candidates", "parts", "functionCall",
            "args", "inlineData", "mimeType", "thought", "thoughtSignature", "finishReason", "promptFeedback", "blockReason", "usageMetadata", "promptTokenCount", "error", "code", "n", "seed", "input", "dimensions", "details", "retryDelay", "reason", "\\uD800",
        ];

        static readonly string[] Texts =
        [
            "", " ", "user", "assistant", "tool", "system", "text", "image_url", "file", "input_audio", "function", "json_schema", "json_object", "required", "none", "high", "object", "a",
            "data:image/png;base64,AAAA", "data:,x", "data:", "https://a.example/b.png", "{}", "{\\\"a\\\":1}", "[", "\\uD83D\\uDE42", "\\uD800", "\\u0000", "مرحبا", "enabled", "adaptive", "tool_use",
            "thinking", "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop", "error", "text_delta", "input_json_delta",
            "thinking_delta", "signature_delta", "STOP", "SAFETY", "image/png", "jean_answer", "get_weather", "allowed_tools", "36s",
        ];

        readonly Random random = new(seed);

        internal string Request()
        {
            var members = Enumerable.Range(0, random.Next(6)).Select(_ => Member(3)).Append("\"model\":\"m\"");
            var messages = Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(10) == 0 ? Value(3) : Message());
            return $"{{{string.Join(',', members)},\"messages\":[{string.Join(',', messages)}]}}";
        }

        internal IReadOnlyList<string> Replies() => [.. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Value(4))];

        string Message()
        {
            var role = Pick(["user", "user", "assistant", "system", "developer"]);
            var content = random.Next(10) switch
            {
                < 4 => $"\"{Pick(Texts)}\"",
                < 8 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Part()))}]",
                _ => Value(3),
            };
            var more = random.Next(5) == 0 ? "," + Member(3) : "";
            return random.Next(4) == 0 ? CallAndResult() : $"{{\"role\":\"{role}\",\"content\":{content}{more}}}";
        }

        string Part() => random.Next(8) switch
        {
            < 5 => $"{{\"type\":\"text\",\"text\":\"{Pick(Texts)}\"}}",
            5 => $"{{\"type\":\"image_url\",\"image_url\":{{\"url\":\"{Pick(["data:image/png;base64,AAAA", "https://a.example/b.png", "data:,x"])}\"}}}}",
            6 => $"{{\"type\":\"file\",\"file\":{{\"file_data\":\"{Pick(["data:application/pdf;base64,AAAA", "data:text/plain;base64,YQ==", "data:text/plain,%C3"])}\"}}}}",
            _ => $"{{{Member(2)},{Member(2)}}}",
        };

        string CallAndResult()
        {
            var call = $"{{\"id\":\"c1\",\"function\":{{\"name\":\"f\",\"arguments\":\"{Pick(Texts)}\"}}}}";
            return $"{{\"role\":\"assistant\",\"tool_calls\":[{call}]}},{{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"{Pick(Texts)}\"}}";
        }

        string Value(int depth) => random.Next(depth <= 0 ? 4 : 9) switch
        {
            0 => "null",
            1 => Pick(["true", "false"]),
            2 => Pick(["0", "1", "-3", "0.5", "1e400", "123456789012345678901234567890", "2000"]),
            3 => $"\"{Pick(Texts)}\"",
            4 or 5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1)))}]",
            _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => Member(depth - 1)))}}}",
        };

        string Member(int depth) => $"\"{Pick(Names)}\":{Value(depth)}";

        string Pick(string[] from) => from[random.Next(from.Length)];
    }
}
