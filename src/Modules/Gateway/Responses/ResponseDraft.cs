using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Responses;

/// <summary>
/// A response as far as it has come, gathered from the messages or deltas of a chat completion. Tells a listener of each step, for those who
/// stream. Source: OpenAI API reference, the response object and the chat completion (chunk) object.
/// </summary>
internal sealed class ResponseDraft(JsonElement request, ReplyFacts facts, DateTimeOffset now, ResponseEvents? events)
{
    readonly string id = ResponseItem.NewId("resp");
    readonly List<ResponseItem> output = [];
    readonly Dictionary<long, CallItem> calls = [];
    string model = request.Text("model"u8) ?? "";
    string? finish;
    bool begun;

    /// <summary>A chat completion, or a chunk of one.</summary>
    internal void Take(JsonElement completion)
    {
        if (!begun)
        {
            begun = true;
            model = completion.Text("model"u8) ?? model;
            events?.Begin(this);
        }

        foreach (var choice in completion.Items("choices"u8))
        {
            TakeMessage(choice.Member("delta"u8).IsObject() ? choice.Member("delta"u8) : choice.Member("message"u8));
            finish = choice.Text("finish_reason"u8) ?? finish;
        }
    }

    /// <summary>Nothing more will come.</summary>
    internal void End()
    {
        foreach (var item in output)
            Close(item);
        events?.End(this);
    }

    internal bool Incomplete => finish is "length" or "content_filter";

    /// <summary>Of the item, as the response says it now.</summary>
    internal string StatusOf(ResponseItem item) => !item.Closed ? "in_progress" : Incomplete && item.Index == output.Count - 1 ? "incomplete" : "completed";

    /// <param name="status"><c>in_progress completed incomplete</c>.</param>
    internal void WriteTo(Utf8JsonWriter json, string status)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, now.ToUnixTimeSeconds());
        json.WriteString("status"u8, status);
        json.WriteNull("error"u8);
        if (status == "incomplete")
        {
            json.WriteStartObject("incomplete_details"u8);
            json.WriteString("reason"u8, finish == "length" ? "max_output_tokens"u8 : "content_filter"u8);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("incomplete_details"u8);
        }

        json.WriteString("model"u8, model);
        json.WriteStartArray("output"u8);
        foreach (var item in output)
            item.WriteTo(json, StatusOf(item));
        json.WriteEndArray();
        WriteUsage(json, status);
        ResponseEcho.Write(json, request);
        json.WriteEndObject();
    }

    void TakeMessage(JsonElement message)
    {
        foreach (var name in (ReadOnlySpan<string>)["reasoning_content", "reasoning"])
        {
            if (message.IsObject() && message.TryGetProperty(name, out var thought) && thought.Text() is { Length: > 0 } text)
            {
                Say(Open<ReasoningItem>(() => new(output.Count)), text);
                break;
            }
        }

        if (message.Member("thinking_blocks"u8) is { } blocks && blocks.HasItems())
            TakeBlocks(blocks);
        if (message.Text("content"u8) is { Length: > 0 } said)
            Say(Open<MessageItem>(() => new(output.Count, refuses: false), item => !item.Refuses), said);
        if (message.Text("refusal"u8) is { Length: > 0 } refusal)
            Say(Open<MessageItem>(() => new(output.Count, refuses: true), item => item.Refuses), refusal);
        foreach (var image in message.Items("images"u8))
            TakeImage(image.Member("image_url"u8).Member("url"u8));
        var place = 0;
        foreach (var call in message.Items("tool_calls"u8))
            TakeCall(call, call.Whole("index"u8) ?? place++);
    }

    /// <summary>They come after the thoughts they belong to, or alone where the thoughts are secret.</summary>
    void TakeBlocks(JsonElement blocks)
    {
        var item = output.OfType<ReasoningItem>().LastOrDefault() is { Closed: false } open ? open : Open<ReasoningItem>(() => new(output.Count));
        var raw = blocks.GetRawText();
        item.Blocks = item.Blocks is null ? raw : $"{item.Blocks.AsSpan()[..^1]},{raw.AsSpan(1)}";
    }

    void TakeImage(JsonElement url)
    {
        if (!DataUri.TryRead(url, out var picture))
            return;
        var base64 = Encoding.ASCII.GetString(picture.Data);
        Close(Open<ImageItem>(() => new(output.Count, base64), _ => false));
    }

    void TakeCall(JsonElement call, long place)
    {
        var function = call.Member("function"u8);
        if (!calls.TryGetValue(place, out var item))
        {
            var callId = call.Text("id"u8) ?? ChatChunkWriter.NewCallId();
            item = calls[place] = Open<CallItem>(() => new(output.Count, callId, function.Text("name"u8) ?? ""), _ => false);
        }

        if (function.Text("arguments"u8) is { Length: > 0 } fragment)
            Say(item, fragment);
    }

    /// <summary>The item that is being written if it is of the kind, else a new one.</summary>
    TItem Open<TItem>(Func<TItem> create, Func<TItem, bool>? fits = null)
        where TItem : ResponseItem
    {
        var last = output.Count > 0 ? output[^1] : null;
        if (last is TItem { Closed: false } open && (fits is null || fits(open)))
            return open;
        if (last is not null)
            Close(last);
        var item = create();
        output.Add(item);
        events?.Added(item);
        return item;
    }

    void Say(ResponseItem item, string text)
    {
        item.Text.Append(text);
        events?.Delta(item, text);
    }

    void Close(ResponseItem item)
    {
        if (item.Closed)
            return;
        item.Closed = true;
        events?.Done(item, StatusOf(item));
    }

    void WriteUsage(Utf8JsonWriter json, string status)
    {
        if (status == "in_progress" || (facts.InputTokens is null && facts.OutputTokens is null))
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, facts.InputTokens ?? 0);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, facts.CachedInputTokens ?? 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, facts.OutputTokens ?? 0);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, facts.ReasoningTokens ?? 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, (facts.InputTokens ?? 0) + (facts.OutputTokens ?? 0));
        json.WriteEndObject();
    }
}
