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

/// <summary>What one kind of line may be.</summary>
/// <param name="AtOnce">Of one person.</param>
/// <param name="Longest">Of audio.</param>
/// <param name="Renews">Whether the end of that is no failure: who is still there connects again.</param>
internal sealed record AudioLineRules(Hearing Hearing, int AtOnce, TimeSpan Longest, bool Renews = false);

/// <summary>What all WebSockets of audio have in common: a place for each, the plan's traffic, the end of the session, and how they end.</summary>
internal sealed class AudioLines(HearingPlaces places, IQuotas quotas, ILiveStreams streams, IOptions<VoiceOptions> options)
{
    /// <param name="handle">Ends with <see cref="RunAsync(HttpContext, Caller, AudioLineRules, Func{AudioLine, IAsyncEnumerable{object}})"/>.</param>
    internal static void Map(RouteGroupBuilder routes, string path, string name, Delegate handle)
        => routes.MapGet(path, handle)
            .WithName(name)
            .ExcludeFromDescription()
            .DisableRequestTimeout()
            .RequireAuthorization(Policies.SignedIn);

    /// <param name="hear">What is told of the audio of a line, as it is heard.</param>
    internal async Task<Results<EmptyHttpResult, ProblemHttpResult>> RunAsync(HttpContext http, Caller caller, AudioLineRules rules, Func<AudioLine, IAsyncEnumerable<object>> hear)
    {
        if (!http.WebSockets.IsWebSocketRequest)
            return VoiceErrors.SocketNeeded.ToProblem();
        using var stream = streams.Open(caller, http.RequestAborted);
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await using var line = new AudioLine(socket, options.Value.DictationStall, TranscribeRecording.MostBytes(rules.Longest), stream.Ended);
        try
        {
            await RunAsync(line, caller.UserId, rules, hear);
        }
        catch (OperationCanceledException) when (line.Gone.IsCancellationRequested)
        {
            // Nobody listens any more, or nobody may.
        }

        return TypedResults.Empty;
    }

    async Task RunAsync(AudioLine line, UserId user, AudioLineRules rules, Func<AudioLine, IAsyncEnumerable<object>> hear)
    {
        using var place = places.TryTake(user, rules.Hearing, rules.AtOnce);
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
            await foreach (var heard in hear(line))
                await line.TellAsync(heard);
            if (line.Refused is { } refused && !(rules.Renews && refused == AudioLine.Refusal.TooLong))
                await line.FailAsync(ToError(refused, rules));
            else
                await line.EndAsync();
        }
        catch (LocalModelException failure)
        {
            await line.FailAsync(failure.Error);
        }
        finally
        {
            if (line.Bytes > 1)
                await quotas.CountAsync(session: null, user, QuotaMeter.Bandwidth, line.Bytes - 1, CancellationToken.None);
        }
    }

    static Error ToError(AudioLine.Refusal refusal, AudioLineRules rules) => refusal switch
    {
        AudioLine.Refusal.TooLong => VoiceErrors.RecordingTooLong(rules.Longest),
        AudioLine.Refusal.Stalled => VoiceErrors.RecordingStalled,
        _ => VoiceErrors.RecordingInvalid,
    };
}
