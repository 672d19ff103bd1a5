using System.Runtime.CompilerServices;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Streaming;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Chat.Turns;

/// <summary>Reads a turn as a stream of events, from any point, on any node, while it runs and after it ended.</summary>
internal sealed class TurnFollower(Db db, TurnRegistry registry, IBroadcast broadcast, IOptions<ChatOptions> options, TimeProvider clock)
{
    const string StateSql = """
        select m.text, t.status, t.error::text as error, t.input_tokens, t.output_tokens, c.title, t.language, t.model_id, m.actions::text as actions, m.citations::text as citations,
            chat.message_parts(m.message_id)::text as parts
        from chat.turn t
        join chat.message m on m.message_id = t.assistant_message_id
        join chat.conversation c on c.conversation_id = t.conversation_id
        where t.turn_id = @Id
        """;

    const string ChunksSql = "select at, text from chat.turn_chunk where turn_id = @Id and at + length > @From order by at";

    /// <summary>The events after <paramref name="cursor"/>. Leaving it early ends nothing but this reader.</summary>
    public async IAsyncEnumerable<StreamEvent> FollowAsync(TurnRow turn, TurnCursor cursor, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (registry.Find(turn.Id) is { } local)
        {
            await foreach (var item in ReadAsync(local.Buffer, cursor, cancel))
                yield return item;
            yield break;
        }

        // Answered elsewhere, or over: a mirror of the buffer is filled from what the other node writes down.
        var mirror = await MirrorAsync(turn, cancel);
        if (mirror.Buffer.End is not null)
        {
            await foreach (var item in ReadAsync(mirror.Buffer, cursor, cancel))
                yield return item;
            yield break;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pump = PumpAsync(turn, mirror, leaving.Token);
        try
        {
            await foreach (var item in ReadAsync(mirror.Buffer, cursor, cancel))
                yield return item;
            await pump;
        }
        finally
        {
            await leaving.CancelAsync();
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What a turn says that is answered here.</summary>
    internal async IAsyncEnumerable<StreamEvent> ReadAsync(TurnBuffer buffer, TurnCursor from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var cursor = buffer.Resolve(from);
        yield return new StreamEvent(TurnEvents.Turn.Event, buffer.Turn, cursor.ToString());
        while (true)
        {
            var slice = buffer.Read(cursor);
            foreach (var step in slice.Parts)
            {
                cursor = cursor with { Parts = step.After.Changes, Reasoning = step.After.Reasoning };
                yield return step.Part is { } part
                    ? new StreamEvent(TurnEvents.Part.Event, part, cursor.ToString())
                    : new StreamEvent(TurnEvents.PartDelta.Event, step.Delta!, cursor.ToString());
            }

            if (slice.Delta.Length > 0)
            {
                cursor = cursor with { Text = cursor.Text + slice.Delta.Length };
                yield return new StreamEvent(TurnEvents.Delta.Event, new DeltaEvent(slice.Delta), cursor.ToString());
            }

            foreach (var sentence in slice.Sentences)
            {
                cursor = cursor with { Sentences = cursor.Sentences + 1 };
                yield return new StreamEvent(TurnEvents.Sentence.Event, sentence, cursor.ToString());
            }

            foreach (var extra in slice.Extras)
            {
                cursor = cursor with { Extras = cursor.Extras + 1 };
                yield return new StreamEvent((extra is ClientAction ? TurnEvents.Action : TurnEvents.Citation).Event, extra, cursor.ToString());
            }

            if (slice.End is { } end)
            {
                yield return new StreamEvent(TurnEvents.Done.Event, end, cursor.ToString());
                yield break;
            }

            var sent = clock.GetTimestamp();
            await slice.Changed.WaitAsync(cancel);
            var rest = options.Value.DeltaEvery - clock.GetElapsedTime(sent);
            // The first text leaves at once; after it, what comes within a moment leaves together.
            if (slice.Delta.Length + slice.Parts.Count > 0 && rest > TimeSpan.Zero)
                await buffer.Ended.WaitAsync(rest, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<Mirror> MirrorAsync(TurnRow turn, CancellationToken cancel)
    {
        var header = new TurnEvent(turn.Id, turn.ConversationId, turn.UserMessageId, turn.AssistantMessageId, turn.ModelId ?? "", turn.Title);
        var state = await StateAsync(turn.Id, cancel);
        var buffer = new TurnBuffer(
            header, state.Text, state.Language, options.Value.MaxAnswerLength, PartJson.ReadAll(state.Parts), over: state.Status != "running");
        var mirror = new Mirror(buffer, state.Text.Length);
        if (state.Status == "running")
            await FillAsync(turn.Id, mirror, cancel);
        else
            End(mirror.Buffer, state);
        return mirror;
    }

    async Task PumpAsync(TurnRow turn, Mirror mirror, CancellationToken cancel)
    {
        using var wake = new TurnWake(broadcast, TurnLog.Channel, turn.Id);
        while (true)
        {
            await wake.WaitAsync(cancel);
            try
            {
                if (await CatchUpAsync(turn.Id, mirror, cancel))
                    return;
            }
            catch (NpgsqlException) when (!cancel.IsCancellationRequested)
            {
                // The database is away for a moment. The reader waits on heartbeats and the next round catches up.
            }
        }
    }

    async Task<bool> CatchUpAsync(TurnId id, Mirror mirror, CancellationToken cancel)
    {
        var state = await StateAsync(id, cancel);
        if (state.Status == "running")
        {
            await FillAsync(id, mirror, cancel);
            return false;
        }

        // Ended: its text was folded into the message in the same transaction.
        if (state.Text.Length > mirror.Length)
            mirror.Buffer.Append(state.Text[mirror.Length..]);
        mirror.Buffer.ChangeParts((parts, _) => parts.Settle(PartJson.ReadAll(state.Parts)));
        End(mirror.Buffer, state);
        return true;
    }

    async Task<State> StateAsync(TurnId id, CancellationToken cancel)
        => await db.FindAsync<State>(StateSql, new { Id = id }, cancel)
            // Purged with its conversation while it was read.
            ?? new State("", "interrupted", null, null, null, "", "en", null, "[]", "[]", "[]");

    async Task FillAsync(TurnId id, Mirror mirror, CancellationToken cancel)
    {
        foreach (var chunk in await db.QueryAsync<Chunk>(ChunksSql, new { Id = id, From = mirror.Length }, cancel))
        {
            // A piece that was written twice may have grown the second time.
            mirror.Buffer.Append(chunk.Text[Math.Max(0, mirror.Length - chunk.At)..]);
            mirror.Length = chunk.At + chunk.Text.Length;
        }

        var log = await db.QueryAsync<PartLogEntry>(PartSql.Log, new { Id = id, mirror.LastPart.Change, mirror.LastPart.Step }, cancel);
        if (log.Count == 0 || log is [{ } same] && same == mirror.LastPart)
            return;
        mirror.Buffer.ChangeParts((parts, _) =>
        {
            foreach (var entry in log)
                parts.Replay(entry);
        });
        mirror.LastPart = log[^1];
    }

    static void End(TurnBuffer buffer, State state)
    {
        foreach (var action in ChatJson.Read<List<ClientAction>>(state.Actions)!)
            buffer.AddExtra(action);
        foreach (var citation in ChatJson.Read<List<Citation>>(state.Citations)!)
            buffer.AddExtra(citation);
        var usage = state.OutputTokens is { } output ? new TurnUsage(state.InputTokens ?? 0, output) : null;
        buffer.Finish(new DoneEvent(state.Status, ChatJson.Read<MessageError>(state.Error), usage, state.Title, state.ModelId));
    }

    sealed class Mirror(TurnBuffer buffer, int length)
    {
        public TurnBuffer Buffer { get; } = buffer;

        public int Length { get; set; } = length;

        public PartLogEntry LastPart { get; set; } = new(0, 0, "", null);
    }

    sealed record State(
        string Text, string Status, string? Error, long? InputTokens, long? OutputTokens, string Title, string Language, string? ModelId, string Actions, string Citations,
        string Parts);

    sealed record Chunk(int At, string Text);
}
