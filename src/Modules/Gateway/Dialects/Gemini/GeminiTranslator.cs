using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// Turns a GenerateContentResponse, or a stream of them, into OpenAI's reply. Pictures become <c>images</c> with <c>data:</c> addresses.
/// Source: Gemini API reference, GenerateContentResponse.
/// </summary>
internal sealed class GeminiTranslator(DialectRequest request) : ChatTranslator(request)
{
    readonly SortedDictionary<int, Candidate> candidates = [];

    protected override void ReadWhole(JsonElement root, ChatReply reply)
    {
        Check(root);
        reply.Id = root.Text("responseId"u8) ?? reply.Id;
        var position = 0;
        foreach (var given in root.Items("candidates"u8))
        {
            var index = (int)(given.Whole("index"u8) ?? position);
            var choice = reply.Choice(index);
            foreach (var part in given.Member("content"u8).Items("parts"u8))
                ReadPart(part, choice);
            choice.Finish = Reason(given.Text("finishReason"u8) ?? "STOP", choice.ToolCalls.Count > 0);
            Facts.FinishReason ??= choice.Finish;
            position++;
        }

        if (position == 0)
            reply.Choice(0).Finish = Facts.FinishReason = IsBlocked(root) ? "content_filter" : "stop";
        Facts.Finished = true;
        ReadUsage(root.Member("usageMetadata"u8));
    }

    protected override void ReadEvent(JsonElement root, IBufferWriter<byte> output)
    {
        Check(root);
        if (Chunks.Count == 0)
            Chunks.Id = root.Text("responseId"u8) ?? Chunks.Id;
        var position = 0;
        foreach (var given in root.Items("candidates"u8))
        {
            var index = (int)(given.Whole("index"u8) ?? position);
            var candidate = Candidate(index);
            Chunks.Role(output, index);
            foreach (var part in given.Member("content"u8).Items("parts"u8))
                ReadPart(part, index, candidate, output);
            if (given.Text("finishReason"u8) is { } reason)
                candidate.Finish = Reason(reason, candidate.ToolCalls > 0);
            position++;
        }

        if (IsBlocked(root))
            Candidate(0).Finish = "content_filter";
        ReadUsage(root.Member("usageMetadata"u8));
        Facts.Finished = candidates.Count > 0 && candidates.Values.All(candidate => candidate.Finish is not null);
        if (Facts.Finished)
            Facts.FinishReason = candidates.Values.First().Finish;
    }

    protected override void WriteFinish(IBufferWriter<byte> output)
    {
        foreach (var (index, candidate) in candidates)
            Chunks.Finish(output, index, candidate.Finish!);
    }

    static void ReadPart(JsonElement part, ChoiceDraft choice)
    {
        if (part.Member("functionCall"u8) is { ValueKind: JsonValueKind.Object } call)
        {
            choice.ToolCalls.Add(Call(call, part));
            return;
        }

        if (part.Text("text"u8) is { } text)
            (IsThought(part) ? choice.Reasoning : choice.Text).Append(text);
        else if (Image(part) is { } image && !IsThought(part))
            choice.Images.Add(image);
        if (!IsThought(part))
            choice.Signature = part.Text("thoughtSignature"u8) ?? choice.Signature;
    }

    void ReadPart(JsonElement part, int index, Candidate candidate, IBufferWriter<byte> output)
    {
        if (part.Member("functionCall"u8) is { ValueKind: JsonValueKind.Object } call)
        {
            Chunks.ToolCall(output, index, candidate.ToolCalls++, Call(call, part));
            return;
        }

        if (part.Text("text"u8) is { } text)
        {
            if (IsThought(part))
                Chunks.Reasoning(output, index, text);
            else
                Chunks.Text(output, index, text);
        }
        else if (Image(part) is { } image && !IsThought(part))
        {
            Chunks.Image(output, index, candidate.Images++, image);
        }

        if (!IsThought(part) && part.Text("thoughtSignature"u8) is { } signature)
            Chunks.Signature(output, index, signature);
    }

    Candidate Candidate(int index)
    {
        if (!candidates.TryGetValue(index, out var candidate))
            candidates[index] = candidate = new Candidate();
        return candidate;
    }

    void ReadUsage(JsonElement usage)
    {
        if (usage.Whole("promptTokenCount"u8) is { } prompt)
            Facts.InputTokens = prompt + (usage.Whole("toolUsePromptTokenCount"u8) ?? 0);
        Facts.CachedInputTokens = usage.Whole("cachedContentTokenCount"u8) ?? Facts.CachedInputTokens;
        Facts.ReasoningTokens = usage.Whole("thoughtsTokenCount"u8) ?? Facts.ReasoningTokens;
        if (usage.Whole("candidatesTokenCount"u8) is { } written)
            Facts.OutputTokens = written + (Facts.ReasoningTokens ?? 0);
        else if (usage.Whole("thoughtsTokenCount"u8) is { } thought)
            Facts.OutputTokens = thought;
    }

    static void Check(JsonElement root)
    {
        if (root.Member("error"u8) is { ValueKind: JsonValueKind.Object } error)
            throw GeminiFaults.OfEvent(error).ToException();
        if (!root.IsObject() || !root.EnumerateObject().Any(member => member.Name is "candidates" or "promptFeedback" or "usageMetadata" or "modelVersion" or "responseId"))
            throw new InvalidDataException("It is not a response of generateContent.");
    }

    static bool IsThought(JsonElement part) => part.Member("thought"u8).IsTrue();

    static bool IsBlocked(JsonElement root) => root.Member("promptFeedback"u8).Text("blockReason"u8) is { Length: > 0 };

    static ToolCallDraft Call(JsonElement call, JsonElement part) => new(
        call.Text("id"u8) is { Length: > 0 } id ? id : ChatChunkWriter.NewCallId(),
        call.Text("name"u8) ?? "",
        call.Member("args"u8) is { ValueKind: JsonValueKind.Object } args ? Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(args)) : "{}",
        part.Text("thoughtSignature"u8));

    static string? Image(JsonElement part)
    {
        var blob = part.Member("inlineData"u8);
        return blob.Text("mimeType"u8) is { } type && type.StartsWith("image/", StringComparison.Ordinal) && blob.Text("data"u8) is { } data ? $"data:{type};base64,{data}" : null;
    }

    static string Reason(string reason, bool calls) => reason switch
    {
        "MAX_TOKENS" => "length",
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => "content_filter",
        _ => calls ? "tool_calls" : "stop",
    };
}

/// <summary>How far one of the answers of a stream is.</summary>
internal sealed class Candidate
{
    internal int ToolCalls { get; set; }

    internal int Images { get; set; }

    internal string? Finish { get; set; }
}
