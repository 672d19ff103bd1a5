using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>What a client of the gateway would see of one call, put together from a whole answer or from a stream.</summary>
sealed class DialectReply
{
    readonly SortedDictionary<int, Choice> choices = [];

    /// <summary>Why the request could not be put into the upstream's words.</summary>
    public Error? Refused { get; init; }

    /// <summary>Why the upstream did not answer.</summary>
    public Fault? Fault { get; init; }

    /// <summary>Why the answer broke off.</summary>
    public Exception? Failure { get; set; }

    public ReplyFacts? Facts { get; init; }

    /// <summary>The events of a stream, or the one object of a whole answer.</summary>
    public List<JsonElement> Events { get; } = [];

    public bool Done { get; private set; }

    public JsonElement Usage { get; private set; }

    public Choice First => choices[0];

    public IReadOnlyCollection<Choice> Choices => choices.Values;

    public string Text => choices.Count == 0 ? "" : First.Content.ToString();

    public string? Finish => First.Finish;

    /// <summary>Reads server-sent events as a client does.</summary>
    public void TakeStream(string events)
    {
        foreach (var item in events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            item.ShouldStartWith("data: ");
            Take(item["data: ".Length..]);
        }
    }

    /// <summary>Checks what must hold of every event of a stream.</summary>
    public void Take(string data)
    {
        Done.ShouldBeFalse("something came after the end mark");
        if (data == "[DONE]")
        {
            Done = true;
            return;
        }

        var item = JsonDocument.Parse(data).RootElement;
        Events.Add(item);
        item.GetProperty("object").GetString().ShouldBe("chat.completion.chunk");
        item.GetProperty("id").GetString().ShouldBe(Events[0].GetProperty("id").GetString());
        if (item.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            Usage.ValueKind.ShouldBe(JsonValueKind.Undefined, "usage came twice");
            item.GetProperty("choices").GetArrayLength().ShouldBe(0);
            Usage = usage;
        }

        foreach (var choice in item.GetProperty("choices").EnumerateArray())
        {
            var index = choice.GetProperty("index").GetInt32();
            var isFirst = !choices.ContainsKey(index);
            var delta = choice.GetProperty("delta");
            delta.TryGetProperty("role", out _).ShouldBe(isFirst, "the role belongs into the first delta of a choice");
            Of(index).Take(delta, choice.GetProperty("finish_reason").GetString());
        }
    }

    public void TakeWhole(string body)
    {
        var whole = JsonDocument.Parse(body).RootElement;
        Events.Add(whole);
        whole.GetProperty("object").GetString().ShouldBe("chat.completion");
        foreach (var choice in whole.GetProperty("choices").EnumerateArray())
        {
            choice.GetProperty("message").GetProperty("role").GetString().ShouldBe("assistant");
            Of(choice.GetProperty("index").GetInt32()).Take(choice.GetProperty("message"), choice.GetProperty("finish_reason").GetString());
        }

        Usage = whole.TryGetProperty("usage", out var usage) ? usage : default;
        Done = true;
    }

    Choice Of(int index)
    {
        if (!choices.TryGetValue(index, out var choice))
            choices[index] = choice = new Choice();
        return choice;
    }

    public sealed class Choice
    {
        readonly SortedDictionary<int, JsonObject> calls = [];
        readonly JsonArray thinking = [];
        JsonNode? extra;

        public StringBuilder Content { get; } = new();

        public StringBuilder Reasoning { get; } = new();

        public List<string> Images { get; } = [];

        public string? Finish { get; private set; }

        public List<(string Id, string Name, string Arguments)> Calls
            => [.. calls.Values.Select(call => (call["id"]!.GetValue<string>(), call["function"]!["name"]!.GetValue<string>(), call["function"]!["arguments"]!.GetValue<string>()))];

        /// <summary>The message as a client puts it into its next request.</summary>
        public JsonObject Message
        {
            get
            {
                var message = new JsonObject { ["role"] = "assistant", ["content"] = Content.Length == 0 ? null : Content.ToString() };
                if (calls.Count > 0)
                    message["tool_calls"] = new JsonArray([.. calls.Values.Select(call => call.DeepClone())]);
                if (thinking.Count > 0)
                    message["thinking_blocks"] = thinking.DeepClone();
                if (extra is not null)
                    message["extra_content"] = extra.DeepClone();
                return message;
            }
        }

        internal void Take(JsonElement delta, string? finish)
        {
            Finish.ShouldBeNull("something came after the reason of the end");
            Finish = finish;
            Content.Append(Text(delta, "content"));
            Reasoning.Append(Text(delta, "reasoning_content"));
            if (delta.TryGetProperty("extra_content", out var more))
                extra = JsonNode.Parse(more.GetRawText());
            foreach (var image in Items(delta, "images"))
                Images.Add(image.GetProperty("image_url").GetProperty("url").GetString()!);
            foreach (var block in Items(delta, "thinking_blocks"))
                thinking.Add(JsonNode.Parse(block.GetRawText()));
            foreach (var call in Items(delta, "tool_calls"))
                TakeCall(call);
        }

        void TakeCall(JsonElement fragment)
        {
            var index = fragment.TryGetProperty("index", out var given) ? given.GetInt32() : calls.Count;
            if (!calls.TryGetValue(index, out var call))
            {
                index.ShouldBe(calls.Count, "calls are counted from zero");
                call = JsonNode.Parse(fragment.GetRawText())!.AsObject();
                call.Remove("index");
                call["type"]!.GetValue<string>().ShouldBe("function");
                calls[index] = call;
                return;
            }

            fragment.TryGetProperty("id", out _).ShouldBeFalse("the id stands in the first fragment");
            var function = call["function"]!;
            function["arguments"] = function["arguments"]!.GetValue<string>() + fragment.GetProperty("function").GetProperty("arguments").GetString();
        }

        static string? Text(JsonElement delta, string name)
            => delta.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

        static IEnumerable<JsonElement> Items(JsonElement delta, string name)
            => delta.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [];
    }
}
