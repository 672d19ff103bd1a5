using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Hearing;

/// <summary>
/// Words while they are spoken, over a WebSocket: binary messages of 16-bit little-endian mono samples at 16 kHz go in, and the text <c>end</c> after the
/// last; <see cref="Heard"/> comes out, then <see cref="AudioLine.Done"/> or <see cref="AudioLine.Failed"/>. Limits are those of a recording that is sent at once.
/// </summary>
internal static class DictateLive
{
    /// <param name="Final">False while the next may take its place.</param>
    internal sealed record Heard(string Text, bool Final, int AtMs, int DurationMs)
    {
        public string Type => "heard";
    }

    internal static void Map(RouteGroupBuilder routes) => AudioLines.Map(routes, "/dictations", "Voice_Dictate", Handle);

    /// <param name="recogniser">One of <c>/local</c> that streams.</param>
    /// <param name="denoise">As of a recording.</param>
    static Task<Results<EmptyHttpResult, ProblemHttpResult>> Handle(
        [Required, StringLength(60, MinimumLength = 1)] string recogniser, Caller caller, HttpContext http, AudioLines lines, Ears ears, IOptions<VoiceOptions> options, bool denoise = false)
        => lines.RunAsync(
            http, caller, new(Hearing.Dictation, options.Value.DictationsAtOnce, options.Value.LongestDictation),
            line => ears.ListenAsync(recogniser, line.AudioAsync(), denoise, line.Gone)
                .Select(heard => new Heard(heard.Text, heard.Final, (int)heard.Start.TotalMilliseconds, (int)(heard.End - heard.Start).TotalMilliseconds)));
}
