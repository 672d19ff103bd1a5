using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Hearing;

/// <summary>
/// Words while they are spoken, over a WebSocket: binary messages of 16-bit little-endian mono samples at 16 kHz go in, and the text <c>end</c> after the
/// last; <see cref="Heard"/> comes out, then <see cref="Done"/> or <see cref="Failed"/>. Limits are those of a recording that is sent at once.
/// </summary>
internal static class DictateLive
{
    /// <param name="Final">False while the next may take its place.</param>
    internal sealed record Heard(string Text, bool Final, int AtMs, int DurationMs)
    {
        public string Type => "heard";
    }

    /// <param name="DurationMs">Of all that was sent.</param>
    internal sealed record Done(int DurationMs)
    {
        public string Type => "done";
    }

    /// <summary>A browser is not told the status of a WebSocket that is refused, so it is opened first and told why.</summary>
    internal sealed record Failed(string Code, int Status, string Detail)
    {
        public string Type => "failed";
    }

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/dictations", Handle)
            .WithName("Voice_Dictate")
            .ExcludeFromDescription()
            .DisableRequestTimeout()
            .RequireAuthorization(Policies.SignedIn);

    /// <param name="recogniser">One of <c>/local</c> that streams.</param>
    /// <param name="denoise">As of a recording.</param>
    static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Handle(
        [Required, StringLength(60, MinimumLength = 1)] string recogniser, Caller caller, HttpContext http, Dictation dictation, ILiveStreams streams, IOptions<VoiceOptions> options, bool denoise = false)
    {
        if (!http.WebSockets.IsWebSocketRequest)
            return VoiceErrors.SocketNeeded.ToProblem();
        using var stream = streams.Open(caller, http.RequestAborted);
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await using var line = new DictationLine(socket, options.Value.DictationStall, TranscribeRecording.MostBytes(options.Value.LongestDictation), stream.Ended);
        await dictation.RunAsync(recogniser, denoise, caller.UserId, line);
        return TypedResults.Empty;
    }
}

/// <summary>One dictation from its first sample to its last word.</summary>
internal sealed class Dictation(Ears ears, Dictations dictations, IQuotas quotas, IOptions<VoiceOptions> options)
{
    internal async Task RunAsync(string recogniser, bool denoise, UserId user, DictationLine line)
    {
        using var place = dictations.TryBegin(user);
        if (place is null)
        {
            await line.FailAsync(VoiceErrors.RecordingBusy);
            return;
        }

        // One byte asks whether there is any left, and what was heard is counted after.
        if (await quotas.TryTakeAsync(session: null, user, QuotaMeter.Bandwidth, 1, line.Gone) is { } exhausted)
        {
            await line.FailAsync(exhausted);
            return;
        }

        try
        {
            await foreach (var heard in ears.ListenAsync(recogniser, line.AudioAsync(), denoise, line.Gone))
                await line.TellAsync(new DictateLive.Heard(heard.Text, heard.Final, (int)heard.Start.TotalMilliseconds, (int)(heard.End - heard.Start).TotalMilliseconds));
            if (line.Refused is { } refused)
                await line.FailAsync(ToError(refused));
            else
                await line.EndAsync();
        }
        catch (LocalModelException failure)
        {
            await line.FailAsync(failure.Error);
        }
        catch (OperationCanceledException) when (line.Gone.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        finally
        {
            if (line.Bytes > 1)
                await quotas.CountAsync(session: null, user, QuotaMeter.Bandwidth, line.Bytes - 1, CancellationToken.None);
        }
    }

    Error ToError(DictationLine.Refusal refusal) => refusal switch
    {
        DictationLine.Refusal.TooLong => VoiceErrors.RecordingTooLong(options.Value.LongestDictation),
        DictationLine.Refusal.Stalled => VoiceErrors.RecordingStalled,
        _ => VoiceErrors.RecordingInvalid,
    };
}
