using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>Turns a Message, or the events of one, into OpenAI's reply. Source: Anthropic API reference, Messages; Streaming messages.</summary>
internal sealed class AnthropicTranslator(DialectRequest request) : ChatTranslator(request)
{
    readonly Dictionary<long, Block> blocks = [];

    // Where the answer may come by a tool, text is held back until it is known whether it is the answer.
    readonly StringBuilder? held = AnthropicTools.AnswersByTool(request) ? new StringBuilder() : null;
    long? freshTokens;
    int toolCalls;
    bool answered;

    protected override void ReadWhole(JsonElement root, ChatReply reply)
    {
        ThrowIfError(root);
        if (root.Member("content"u8).ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("It is not a message.");
        reply.Id = root.Text("id"u8) ?? reply.Id;
        var choice = reply.Choice(0);
        foreach (var block in root.Items("content"u8))
            ReadBlock(block, choice);
        ReadUsage(root.Member("usage"u8));
        Finish(root.Text("stop_reason"u8) ?? "end_turn");
        choice.Finish = Facts.FinishReason!;
    }

    protected override void ReadEvent(JsonElement root, IBufferWriter<byte> output)
    {
        switch (root.Text("type"u8))
        {
            case "message_start":
                var message = root.Member("message"u8);
                Chunks.Id = message.Text("id"u8) ?? Chunks.Id;
                ReadUsage(message.Member("usage"u8));
                Chunks.Role(output, 0);
                break;
            case "content_block_start":
                StartBlock(root, output);
                break;
            case "content_block_delta" when blocks.TryGetValue(root.Whole("index"u8) ?? 0, out var block):
                ReadDelta(root.Member("delta"u8), block, output);
                break;
            case "content_block_stop" when blocks.Remove(root.Whole("index"u8) ?? 0, out var block):
                StopBlock(block, output);
                break;
            case "message_delta":
                ReadUsage(root.Member("usage"u8));
                if (root.Member("delta"u8).Text("stop_reason"u8) is { } reason)
                    Finish(reason);
                break;
            case "message_stop":
                Finish("end_turn");
                break;
            case "error":
                throw AnthropicFaults.OfEvent(root).ToException();
            case null:
                throw new InvalidDataException("An event without a type.");
        }
    }

    protected override void WriteFinish(IBufferWriter<byte> output)
    {
        if (held is { Length: > 0 } && !answered)
            Chunks.Text(output, 0, held.ToString());
        Chunks.Finish(output, 0, Facts.FinishReason!);
    }

    void ReadBlock(JsonElement block, ChoiceDraft choice)
    {
        switch (block.Text("type"u8))
        {
            case "text" when !answered:
                choice.Text.Append(block.Text("text"u8));
                break;
            case "thinking":
                choice.Reasoning.Append(block.Text("thinking"u8));
                choice.Thinking.Add(new ThinkingDraft(block.Text("thinking"u8) ?? "", block.Text("signature"u8)));
                break;
            case "redacted_thinking":
                choice.Thinking.Add(new ThinkingDraft("", null, block.Text("data"u8) ?? ""));
                break;
            case "tool_use" when IsAnswer(block):
                answered = true;
                choice.Text.Clear().Append(Raw(block.Member("input"u8)));
                break;
            case "tool_use":
                toolCalls++;
                choice.ToolCalls.Add(new ToolCallDraft(block.Text("id"u8) ?? ChatChunkWriter.NewCallId(), block.Text("name"u8) ?? "", Raw(block.Member("input"u8))));
                break;
        }
    }

    void StartBlock(JsonElement root, IBufferWriter<byte> output)
    {
        var content = root.Member("content_block"u8);
        var block = new Block(content.Text("type"u8) ?? "");
        blocks[root.Whole("index"u8) ?? 0] = block;
        switch (block.Type)
        {
            case "text":
                Say(output, content.Text("text"u8) ?? "");
                break;
            case "thinking":
                block.Add(content.Text("thinking"u8));
                block.Signature = content.Text("signature"u8);
                Chunks.Reasoning(output, 0, content.Text("thinking"u8) ?? "");
                break;
            case "redacted_thinking":
                block.Add(content.Text("data"u8));
                break;
            case "tool_use":
                // Anthropic sends an empty object here and the input in fragments; some who imitate it send all of it at once.
                block.Input = Raw(content.Member("input"u8));
                block.IsAnswer = IsAnswer(content);
                if (block.IsAnswer)
                {
                    answered = true;
                    break;
                }

                block.Tool = toolCalls++;
                Chunks.ToolCall(output, 0, block.Tool, new ToolCallDraft(content.Text("id"u8) ?? ChatChunkWriter.NewCallId(), content.Text("name"u8) ?? "", ""));
                break;
        }
    }

    void ReadDelta(JsonElement delta, Block block, IBufferWriter<byte> output)
    {
        switch (delta.Text("type"u8))
        {
            case "text_delta":
                Say(output, delta.Text("text"u8) ?? "");
                break;
            case "thinking_delta":
                block.Add(delta.Text("thinking"u8));
                Chunks.Reasoning(output, 0, delta.Text("thinking"u8) ?? "");
                break;
            case "signature_delta":
                block.Signature += delta.Text("signature"u8);
                break;
            case "input_json_delta" when block.Type == "tool_use" && delta.Text("partial_json"u8) is { Length: > 0 } fragment:
                block.Input = null;
                SayInput(output, block, fragment);
                break;
        }
    }

    void StopBlock(Block block, IBufferWriter<byte> output)
    {
        switch (block.Type)
        {
            case "tool_use" when block.Input is { } input:
                SayInput(output, block, input);
                break;
            case "thinking" when block.Signature is not null:
                Chunks.Thinking(output, 0, new ThinkingDraft(block.Text, block.Signature));
                break;
            case "redacted_thinking":
                Chunks.Thinking(output, 0, new ThinkingDraft("", null, block.Text));
                break;
        }
    }

    void Say(IBufferWriter<byte> output, string text)
    {
        if (held is null)
            Chunks.Text(output, 0, text);
        else
            held.Append(text);
    }

    void SayInput(IBufferWriter<byte> output, Block block, string fragment)
    {
        if (block.IsAnswer)
            Chunks.Text(output, 0, fragment);
        else
            Chunks.ToolArguments(output, 0, block.Tool, fragment);
    }

    bool IsAnswer(JsonElement block) => held is not null && block.Text("name"u8) == AnthropicTools.AnswerTool;

    void Finish(string reason)
    {
        Facts.Finished = true;
        Facts.FinishReason ??= reason switch
        {
            "max_tokens" or "model_context_window_exceeded" => "length",
            "tool_use" when toolCalls > 0 => "tool_calls",
            "refusal" => "content_filter",
            _ => "stop",
        };
    }

    /// <summary>The counts in a stream are sums so far; later ones replace earlier ones, and what is not said again stays.</summary>
    void ReadUsage(JsonElement usage)
    {
        freshTokens = usage.Whole("input_tokens"u8) ?? freshTokens;
        Facts.CachedInputTokens = usage.Whole("cache_read_input_tokens"u8) ?? Facts.CachedInputTokens;
        Facts.CacheWriteTokens = usage.Whole("cache_creation_input_tokens"u8) ?? Facts.CacheWriteTokens;
        Facts.OutputTokens = usage.Whole("output_tokens"u8) ?? Facts.OutputTokens;
        Facts.ReasoningTokens = usage.Member("output_tokens_details"u8).Whole("thinking_tokens"u8) ?? Facts.ReasoningTokens;
        if (freshTokens is not null)
            Facts.InputTokens = freshTokens + (Facts.CachedInputTokens ?? 0) + (Facts.CacheWriteTokens ?? 0);
    }

    static void ThrowIfError(JsonElement root)
    {
        if (root.Text("type"u8) == "error")
            throw AnthropicFaults.OfEvent(root).ToException();
    }

    static string Raw(JsonElement input)
        => input.IsObject() ? Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(input)) : "{}";

    sealed class Block(string type)
    {
        StringBuilder? text;

        internal string Type { get; } = type;

        internal string Text => text?.ToString() ?? "";

        internal string? Signature { get; set; }

        /// <summary>Of a tool: all of its input, as long as no fragment of it has come.</summary>
        internal string? Input { get; set; }

        internal int Tool { get; set; }

        internal bool IsAnswer { get; set; }

        internal void Add(string? more) => (text ??= new StringBuilder()).Append(more);
    }
}
