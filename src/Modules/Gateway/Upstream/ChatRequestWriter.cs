using System.Buffers;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Upstream;

/// <summary>Writes a chat completion request. Source: OpenAI API reference, create chat completion.</summary>
internal static class ChatRequestWriter
{
    internal static ReadOnlyMemory<byte> Write(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(body, Json.Writing);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteBoolean("stream", true);
        if (options is not null)
            WriteOptions(json, options);
        WriteMessages(json, messages, options?.Instructions);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    static void WriteOptions(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Temperature is { } temperature)
            json.WriteNumber("temperature", temperature);
        if (options.TopP is { } topP)
            json.WriteNumber("top_p", topP);
        if (options.TopK is { } topK)
            json.WriteNumber("top_k", topK);
        if (options.MaxOutputTokens is { } limit)
            json.WriteNumber("max_tokens", limit);
        if (options.FrequencyPenalty is { } frequency)
            json.WriteNumber("frequency_penalty", frequency);
        if (options.PresencePenalty is { } presence)
            json.WriteNumber("presence_penalty", presence);
        if (options.Seed is { } seed)
            json.WriteNumber("seed", seed);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop");
            foreach (var stop in stops)
                json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        WriteFormat(json, options.ResponseFormat);
        WriteTools(json, options);
    }

    static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson wanted)
            return;
        json.WriteStartObject("response_format");
        if (wanted.Schema is { } schema)
        {
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", wanted.SchemaName ?? "answer");
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type", "json_object");
        }

        json.WriteEndObject();
    }

    static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        var functions = options.Tools?.OfType<AIFunctionDeclaration>().ToList();
        if (functions is not { Count: > 0 })
            return;
        json.WriteStartArray("tools");
        foreach (var function in functions)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", function.Name);
            json.WriteString("description", function.Description);
            json.WritePropertyName("parameters");
            function.JsonSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (options.AllowMultipleToolCalls is { } parallel)
            json.WriteBoolean("parallel_tool_calls", parallel);
        switch (options.ToolMode)
        {
            case NoneChatToolMode:
                json.WriteString("tool_choice", "none");
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice", "required");
                break;
        }
    }

    static void WriteMessages(Utf8JsonWriter json, IEnumerable<ChatMessage> messages, string? instructions)
    {
        json.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(instructions))
            MessageWriter.WriteText(json, "system", instructions);
        foreach (var message in messages)
            MessageWriter.Write(json, message);
        json.WriteEndArray();
    }
}
