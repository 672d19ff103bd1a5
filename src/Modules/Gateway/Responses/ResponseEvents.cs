using System.Buffers;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Responses;

/// <summary>Writes the steps of a response as the events of a stream. Source: OpenAI API reference, streaming events.</summary>
internal sealed class ResponseEvents(IBufferWriter<byte> output)
{
    int sequence;

    internal void Begin(ResponseDraft response)
    {
        WriteResponse("response.created", response, "in_progress");
        WriteResponse("response.in_progress", response, "in_progress");
    }

    internal void End(ResponseDraft response)
    {
        var status = response.Incomplete ? "incomplete" : "completed";
        WriteResponse($"response.{status}", response, status);
    }

    internal void Added(ResponseItem item)
    {
        WriteItem("response.output_item.added", item, "in_progress");
        if (item is MessageItem message)
            WritePart("response.content_part.added", message);
        else if (item is ImageItem)
            Write("response.image_generation_call.in_progress", item, static _ => { });
    }

    internal void Delta(ResponseItem item, string text) => Write(KindOf(item) + ".delta", item, json =>
    {
        WriteContentIndex(json, item);
        json.WriteString("delta"u8, text);
        WriteLogprobs(json, item);
    });

    internal void Done(ResponseItem item, string status)
    {
        if (item is ImageItem)
            Write("response.image_generation_call.completed", item, static _ => { });
        else if (item is not ReasoningItem { Text.Length: 0 })
            WriteTextDone(item);
        if (item is MessageItem message)
            WritePart("response.content_part.done", message);
        WriteItem("response.output_item.done", item, status);
    }

    void WriteTextDone(ResponseItem item) => Write(KindOf(item) + ".done", item, json =>
    {
        WriteContentIndex(json, item);
        if (item is CallItem call)
            json.WriteString("name"u8, call.Name);
        json.WriteString(item switch { CallItem => "arguments"u8, MessageItem { Refuses: true } => "refusal"u8, _ => "text"u8 }, item.Text.ToString());
        WriteLogprobs(json, item);
    });

    static string KindOf(ResponseItem item) => item switch
    {
        CallItem => "response.function_call_arguments",
        ReasoningItem => "response.reasoning_text",
        MessageItem { Refuses: true } => "response.refusal",
        _ => "response.output_text",
    };

    /// <summary>Arguments are no content.</summary>
    static void WriteContentIndex(Utf8JsonWriter json, ResponseItem item)
    {
        if (item is not CallItem)
            json.WriteNumber("content_index"u8, 0);
    }

    static void WriteLogprobs(Utf8JsonWriter json, ResponseItem item)
    {
        if (item is not MessageItem { Refuses: false })
            return;
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
    }

    void WriteResponse(string type, ResponseDraft response, string status) => Write(type, json =>
    {
        json.WritePropertyName("response"u8);
        response.WriteTo(json, status);
    });

    void WriteItem(string type, ResponseItem item, string status) => Write(type, json =>
    {
        json.WriteNumber("output_index"u8, item.Index);
        json.WritePropertyName("item"u8);
        item.WriteTo(json, status);
    });

    void WritePart(string type, MessageItem message) => Write(type, message, json =>
    {
        json.WriteNumber("content_index"u8, 0);
        json.WritePropertyName("part"u8);
        message.WritePart(json);
    });

    void Write(string type, ResponseItem item, Action<Utf8JsonWriter> members) => Write(type, json =>
    {
        json.WriteString("item_id"u8, item.Id);
        json.WriteNumber("output_index"u8, item.Index);
        members(json);
    });

    void Write(string type, Action<Utf8JsonWriter> members) => SseFrame.Write(
        output,
        json =>
        {
            json.WriteString("type"u8, type);
            json.WriteNumber("sequence_number"u8, sequence++);
            members(json);
        },
        type);
}
