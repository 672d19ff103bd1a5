using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Chat.Recordings;

/// <summary>Why the words of a recording are not there.</summary>
internal static class TranscriptCodes
{
    /// <summary>There is nobody to write it down: no recogniser here, and no connected model that the person lets have it.</summary>
    public const string NoRecogniser = "no-recogniser";

    /// <summary>It is broken, or holds no sound that is known here.</summary>
    public const string Unreadable = "unreadable";

    public const string TooLong = "too-long";

    /// <summary>ffmpeg is missing.</summary>
    public const string NoDecoder = "no-decoder";

    public const string TooSlow = "too-slow";

    /// <summary>Whoever was to write it down failed.</summary>
    public const string Recogniser = "recogniser";

    /// <summary>The work ended without an end.</summary>
    public const string Lost = "lost";
}

/// <summary>Has recordings written down: each by one job, whoever runs it.</summary>
internal sealed class TranscriptQueue(Db db, ITranscripts transcripts, IJobs jobs)
{
    const string NobodySql = """
        update chat.attachment set transcript = 'none', transcript_code = @Code, transcript_job = null
        where attachment_id = @Id and transcript <> 'done' and transcript_job is null
        """;

    // Held until the job is known: of two who ask at once, one queues it. A job that has failed and is not yet over is not the one that is asked for.
    const string ClaimSql = """
        update chat.attachment set transcript = 'pending', transcript_code = null, transcript_job = null
        where attachment_id = @Id and (transcript in ('none', 'failed') or transcript = 'pending' and transcript_job is null)
        """;

    const string QueuedSql = "update chat.attachment set transcript_job = @Job where attachment_id = @Id";

    /// <summary>The file as it is now; one that is no recording stays as it is.</summary>
    public async Task<AttachmentView> BeginAsync(UserId owner, AttachmentView file, CancellationToken cancel)
        => file.Transcript is null ? file : file with { Transcript = await BeginAsync(owner, file.Id, cancel) };

    public async Task<TranscriptView> BeginAsync(UserId owner, AttachmentId id, CancellationToken cancel)
    {
        if (await transcripts.WriterAsync(owner, cancel) is null)
        {
            await db.ExecuteAsync(NobodySql, new { Id = id, Code = TranscriptCodes.NoRecogniser }, cancel);
            return new TranscriptView(TranscriptView.None, TranscriptCodes.NoRecogniser);
        }

        await db.InTransactionAsync(async tx =>
        {
            if (await tx.ExecuteAsync(ClaimSql, new { Id = id }, cancel) == 0)
                return;
            var job = await jobs.EnqueueAsync(tx, new JobRequest<TranscribeRecording.Arguments>(TranscribeRecording.Kind, new(id), owner), cancel);
            await tx.ExecuteAsync(QueuedSql, new { Id = id, Job = job }, cancel);
        }, cancel);
        return new TranscriptView(TranscriptView.Pending);
    }
}
