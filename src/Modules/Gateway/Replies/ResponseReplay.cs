using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>Tells a whole response as a stream. Source: OpenAI API reference, the streaming events of responses.</summary>
internal sealed class ResponseReplay
{
    readonly JsonObject whole;
    readonly ArrayBufferWriter<byte> output = new(512);
    int sequence;

    ResponseReplay(JsonElement whole) => this.whole = JsonObject.Create(whole)!;

    internal static IEnumerable<ReadOnlyMemory<byte>> Frames(JsonElement whole) => new ResponseReplay(whole).Frames();

    IEnumerable<ReadOnlyMemory<byte>> Frames()
    {
        var begun = (JsonObject)whole.DeepClone();
        (begun["status"], begun["output"], begun["usage"]) = ("in_progress", new JsonArray(), null);
        yield return Event("response.created", ("response", begun));
        yield return Event("response.in_progress", ("response", begun));
        var index = 0;
        foreach (var item in whole["output"]!.AsArray())
        {
            foreach (var frame in item is JsonObject known ? Item(known, index) : [])
                yield return frame;
            index++;
        }

        yield return Event("response.completed", ("response", whole));
    }

    IEnumerable<ReadOnlyMemory<byte>> Item(JsonObject item, int index)
    {
        var type = Text(item["type"]);
        var opened = (JsonObject)item.DeepClone();
        opened["status"] = "in_progress";
        if (type == "message")
            opened["content"] = new JsonArray();
        else if (type == "function_call")
            opened["arguments"] = "";
        yield return Event("response.output_item.added", ("output_index", index), ("item", opened));
        var place = new Place(Text(item["id"]), index);
        var inside = type switch
        {
            "message" => Parts(item, place),
            "function_call" => Told("response.function_call_arguments", "arguments", Text(item["arguments"]), place),
            _ => [],
        };
        foreach (var frame in inside)
            yield return frame;
        yield return Event("response.output_item.done", ("output_index", index), ("item", item));
    }

    IEnumerable<ReadOnlyMemory<byte>> Parts(JsonObject message, Place item)
    {
        var index = 0;
        foreach (var part in (message["content"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var place = item with { Content = index++ };
            var name = Text(part["type"]) == "refusal" ? "refusal" : "text";
            var opened = (JsonObject)part.DeepClone();
            opened[name] = "";
            yield return Event("response.content_part.added", [.. place.Members, ("part", opened)]);
            foreach (var frame in Told(name == "text" ? "response.output_text" : "response.refusal", name, Text(part[name]), place))
                yield return frame;
            yield return Event("response.content_part.done", [.. place.Members, ("part", part)]);
        }
    }

    IEnumerable<ReadOnlyMemory<byte>> Told(string type, string name, string text, Place place)
    {
        foreach (var piece in TextPieces.Of(text))
            yield return Event($"{type}.delta", [.. place.Members, ("delta", piece)]);
        yield return Event($"{type}.done", [.. place.Members, (name, text)]);
    }

    ReadOnlyMemory<byte> Event(string type, params (string Name, JsonNode? Value)[] members)
    {
        output.ResetWrittenCount();
        SseFrame.Write(
            output,
            json =>
            {
                json.WriteString("type", type);
                json.WriteNumber("sequence_number", sequence++);
                foreach (var (name, value) in members)
                {
                    json.WritePropertyName(name);
                    if (value is null)
                        json.WriteNullValue();
                    else
                        value.WriteTo(json);
                }
            },
            type);
        return output.WrittenMemory;
    }

    static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>Where in the output a piece belongs.</summary>
    readonly record struct Place(string Item, int Output, int? Content = null)
    {
        internal IEnumerable<(string Name, JsonNode? Value)> Members
            => Content is { } content
                ? [("item_id", Item), ("output_index", Output), ("content_index", content)]
                : [("item_id", Item), ("output_index", Output)];
    }
}
