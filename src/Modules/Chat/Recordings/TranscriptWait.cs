using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Recordings;

/// <summary>Lets a question wait for what is said in its recordings, for so long and no longer: whoever spoke a question wants that one answered.</summary>
internal sealed class TranscriptWait(Db db, IOptions<AttachmentOptions> options, TimeProvider clock)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    const string Sql = "select attachment_id as id, transcript, extracted_length as text_length from chat.attachment where attachment_id = any(@Ids)";

    /// <summary>The same work, with what is known of the recordings now.</summary>
    public async Task<TurnWork> ForAsync(TurnWork work, CancellationToken cancel)
    {
        if (!IsPending(work))
            return work;
        var question = work.Branch[0];
        var keys = new { Ids = question.Files.Select(file => file.Id.Value).ToArray() };
        var until = clock.GetUtcNow() + options.Value.TranscriptPatience;
        var known = await db.QueryAsync<Row>(Sql, keys, cancel);
        while (known.Any(row => row.Transcript == TranscriptView.Pending) && clock.GetUtcNow() < until)
        {
            await Task.Delay(Pause, clock, cancel);
            known = await db.QueryAsync<Row>(Sql, keys, cancel);
        }

        var files = question.Files.Select(file => known.FirstOrDefault(row => row.Id == file.Id) is { } now ? file with { Transcript = now.Transcript, TextLength = now.TextLength } : file);
        return work with { Branch = [new BranchLine(question.Id, question.Role, question.Text, question.Pinned, ChatJson.Write(files), question.Step), .. work.Branch.Skip(1)] };
    }

    public static bool IsPending(TurnWork work) => work.Branch is [{ Role: "user" } question, ..] && question.Files.Any(file => file.Transcript == TranscriptView.Pending);

    sealed record Row(AttachmentId Id, string? Transcript, int? TextLength);
}
