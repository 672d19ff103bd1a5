using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Hearing;

/// <summary>
/// Waits until Jean is called, over a WebSocket: audio goes in as for <see cref="DictateLive"/>; <see cref="Listening"/> comes out once, <see cref="Called"/> each time, and at the
/// end <see cref="AudioLine.Done"/> or <see cref="AudioLine.Failed"/>. Nothing of the audio is kept.
/// </summary>
internal static class WaitForName
{
    /// <summary>The first message: the model is there.</summary>
    internal sealed record Listening
    {
        public string Type => "listening";
    }

    /// <param name="Keyword">Which of the words it was.</param>
    /// <param name="AtMs">When that was known, from the beginning of the audio.</param>
    /// <param name="EndMs">Where the word ends in the audio: what follows was said to her.</param>
    internal sealed record Called(string Keyword, int AtMs, int EndMs)
    {
        public string Type => "called";
    }

    internal static void Map(RouteGroupBuilder routes) => AudioLines.Map(routes, "/wake", "Voice_Wake", Handle);

    /// <param name="spotter">One of <c>/local</c>.</param>
    static Task<Results<EmptyHttpResult, ProblemHttpResult>> Handle(
        [Required, StringLength(60, MinimumLength = 1)] string spotter, Caller caller, HttpContext http, AudioLines lines, ILocalSpotter spotters, IOptions<VoiceOptions> options)
        => lines.RunAsync(
            http, caller, new(Hearing.Wake, options.Value.WakesAtOnce, options.Value.LongestWake, Renews: true),
            line => spotters.SpotAsync(spotter, line.AudioAsync(), line.Gone)
                .Select(spotted => spotted.Keyword is { } keyword ? new Called(keyword, (int)spotted.At.TotalMilliseconds, (int)spotted.End.TotalMilliseconds) : (object)new Listening()));
}
