using System.Text;
using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Texts;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Recordings;

/// <summary>Writes one recording down. Run again after a crash it begins anew, and what is written down already stays.</summary>
internal sealed class TranscribeRecording(Db db, RecordingDecoder decoder, ITranscripts transcripts, IRealtime realtime, IOptions<AttachmentOptions> options)
    : IJobHandler<TranscribeRecording.Arguments>
{
    public sealed record Arguments(AttachmentId AttachmentId);

    public const int MostAttempts = 4;

    /// <summary>On a node: an hour of somebody's takes minutes, and other jobs wait as well.</summary>
    public const int AtOnce = 2;

    /// <summary>Whoever falls silent for so long begins a new paragraph.</summary>
    static readonly TimeSpan Paragraph = TimeSpan.FromSeconds(2.5);

    const string FindSql = "select owner_id, blob, media_type from chat.attachment where attachment_id = @Id and transcript = 'pending' and transcript_job = @Job";

    // Indexed anew by a trigger, with the messages that show it.
    const string EndSql = """
        update chat.attachment set transcript = @State, transcript_code = @Code, transcript_model = @Model, transcript_job = null, extracted = @Text
        where attachment_id = @Id and transcript = 'pending' and transcript_job = @Job
        """;

    public static string Kind => "chat.transcribe";

    public async Task RunAsync(Arguments arguments, JobContext context, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(FindSql, new { Id = arguments.AttachmentId, Job = context.JobId }, cancel) is not { } recording)
            return;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(options.Value.TranscriptTimeout);
        Written written;
        try
        {
            written = await WriteAsync(recording, context.Attempt == MostAttempts, limited.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            written = new(TranscriptView.Failed, TranscriptCodes.TooSlow);
        }

        await db.ExecuteAsync(EndSql, new { Id = arguments.AttachmentId, Job = context.JobId, written.State, written.Code, written.Model, written.Text }, cancel);
        await realtime.PublishAsync($"user:{recording.OwnerId.Value}", "chat.transcript-changed", new { attachmentId = arguments.AttachmentId }, cancel);
    }

    async Task<Written> WriteAsync(Row recording, bool lastAttempt, CancellationToken cancel)
    {
        if (await transcripts.WriterAsync(recording.OwnerId, cancel) is not { } writer)
        {
            // There was one where it was queued: another node may have it.
            return lastAttempt ? new(TranscriptView.None, TranscriptCodes.NoRecogniser) : throw new InvalidOperationException("There is no recogniser on this node.");
        }

        var decoded = await decoder.DecodeAsync(BlobHash.Parse(recording.Blob), recording.MediaType, cancel);
        if (decoded.Samples is null)
            return new(TranscriptView.Failed, decoded.Code);
        await using var samples = decoded.Samples;
        try
        {
            var text = await ReadAsync(transcripts.WriteAsync(recording.OwnerId, writer, DecodedRecording.InPieces(samples, cancel), cancel));
            return new(TranscriptView.Done, Model: writer.Model, Text: text);
        }
        catch (TranscriptException failure) when (lastAttempt || !failure.Passing)
        {
            return new(TranscriptView.Failed, TranscriptCodes.Recogniser, writer.Model);
        }
    }

    /// <summary>Null when nothing is said.</summary>
    async Task<string?> ReadAsync(IAsyncEnumerable<TranscriptPiece> pieces)
    {
        var text = new StringBuilder();
        var end = TimeSpan.Zero;
        await foreach (var piece in pieces)
        {
            if (text.Length > 0)
                text.Append(piece.Start - end >= Paragraph ? '\n' : ' ');
            text.Append(piece.Text.Replace('\0', '\uFFFD'));
            end = piece.End;
            if (text.Length > options.Value.MaxTextLength)
                break;
        }

        return text.Length == 0 ? null : text.ToString().Cut(options.Value.MaxTextLength);
    }

    sealed record Row(UserId OwnerId, string Blob, string MediaType);

    sealed record Written(string State, string? Code = null, string? Model = null, string? Text = null);
}
