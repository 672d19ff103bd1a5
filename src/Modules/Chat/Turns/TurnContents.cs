using System.Text.Json;
using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Agents;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>Puts what a model says into the turn's buffer: text as text, everything else as typed parts where it was said.</summary>
internal sealed class TurnContents(AttachmentStore attachments, IOptions<ChatOptions> options, TimeProvider clock)
{
    /// <summary>Longer answers of tools are cut: people read their beginning, and the model had all of it.</summary>
    const int LongestResult = 50_000;

    static readonly JsonSerializerOptions Readable = new(AIJsonUtilities.DefaultOptions) { WriteIndented = true };

    /// <summary>Takes one piece of the answer. The error ends the turn.</summary>
    public async Task<Error?> TakeAsync(TurnWork work, RunningTurn turn, AIContent content)
    {
        var buffer = turn.Buffer;
        switch (content)
        {
            case TextReasoningContent { Text.Length: > 0 } thought:
                buffer.ChangeParts((parts, at) => Think(turn, parts, at, TurnBuffer.Clean(thought.Text)));
                break;
            case TextContent { Text.Length: > 0 } text:
                EndThinking(turn);
                return buffer.Append(text.Text) ? null : ChatErrors.TooLong;
            case FunctionCallContent call:
                EndThinking(turn);
                buffer.ChangeParts((parts, at) => Call(turn, parts, at, call));
                break;
            case FunctionResultContent result:
                buffer.ChangeParts((parts, _) => Answer(turn, parts, result));
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                EndThinking(turn);
                await KeepImageAsync(work, turn, data);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image") && uri.Uri.Scheme == Uri.UriSchemeHttps:
                EndThinking(turn);
                buffer.ChangeParts((parts, at) => parts.Put(new MessagePart(parts.NextOrdinal, "image", at) { Url = uri.Uri.AbsoluteUri }));
                break;
            case ErrorContent:
                return ChatErrors.ModelGaveUp;
            case ClientActionContent action:
                buffer.AddExtra(action.Action);
                break;
            case CitationContent citation:
                buffer.AddExtra(citation.Citation);
                break;
        }

        return null;
    }

    async Task KeepImageAsync(TurnWork work, RunningTurn turn, DataContent image)
    {
        if (work.SealedTo is not null)
        {
            turn.Note("image-not-kept");
            return;
        }

        // Nothing is kept for a turn that may yet not have begun.
        await turn.Stored;
        var name = $"image-{turn.Buffer.Parts.Count(part => part.Kind == "image") + 1}.{image.MediaType["image/".Length..]}";
        using var bytes = new MemoryStream(image.Data.ToArray(), writable: false);
        var kept = await attachments.AddAsync(work.Owner, AttachmentStore.Generated, name, bytes, turn.Cancelled);
        turn.Buffer.ChangeParts((parts, at) => parts.Put(kept.TryGet(out var attachment, out _)
            ? new MessagePart(parts.NextOrdinal, "image", at) { Attachment = attachment }
            : new MessagePart(parts.NextOrdinal, "note", at) { Code = "image-not-kept" }));
    }

    /// <summary>Nothing more comes: what still runs has stopped.</summary>
    public void End(RunningTurn turn)
    {
        EndThinking(turn);
        turn.Buffer.ChangeParts((parts, _) =>
        {
            foreach (var tool in parts.RunningTools)
                parts.Put(tool with { State = MessagePart.Stopped, DurationMs = turn.Since(tool.Ordinal, clock) });
        });
    }

    void Think(RunningTurn turn, TurnParts parts, int at, string text)
    {
        if (parts.Growing is null)
        {
            turn.Began(parts.NextOrdinal, clock);
            parts.Put(new MessagePart(parts.NextOrdinal, "reasoning", at) { State = MessagePart.Running });
        }

        // More than an answer may hold is not kept; the answer itself goes on.
        var room = options.Value.MaxAnswerLength - parts.ReasoningLength;
        parts.Think(text.Length <= room ? text : text[..Math.Max(0, room)]);
    }

    void EndThinking(RunningTurn turn)
    {
        // Asked for every piece of text, so without waking the readers for nothing.
        if (!turn.Buffer.IsThinking)
            return;
        turn.Buffer.ChangeParts((parts, _) =>
        {
            if (parts.Growing is { } thinking)
                parts.Put(thinking with { State = MessagePart.Done, DurationMs = turn.Since(thinking.Ordinal, clock) });
        });
    }

    void Call(RunningTurn turn, TurnParts parts, int at, FunctionCallContent call)
    {
        turn.Began(parts.NextOrdinal, clock);
        parts.Put(new MessagePart(parts.NextOrdinal, "tool", at)
        {
            CallId = TurnBuffer.Clean(call.CallId),
            Name = TurnBuffer.Clean(call.Name),
            Arguments = Told(call.Arguments),
            State = call.Exception is null ? MessagePart.Running : MessagePart.Failed,
            Result = call.Exception is null ? null : "The model's arguments were not JSON.",
        });
    }

    void Answer(RunningTurn turn, TurnParts parts, FunctionResultContent result)
    {
        if (parts.FindCall(TurnBuffer.Clean(result.CallId)) is not { } tool)
            return;
        parts.Put(tool with
        {
            State = result.Exception is null ? MessagePart.Done : MessagePart.Failed,
            DurationMs = turn.Since(tool.Ordinal, clock),
            Result = result.Exception is null ? Told(result.Result) : result.Exception.Message,
        });
    }

    static string? Told(object? value)
    {
        if (value is null)
            return null;
        var text = TurnBuffer.Clean(value as string ?? JsonSerializer.Serialize(value, Readable));
        return text.Length <= LongestResult ? text : text[..LongestResult] + "…";
    }
}
