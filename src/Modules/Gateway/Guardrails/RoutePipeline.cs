using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>The guardrails of a route, ready to work. Shared by all its calls.</summary>
internal sealed class RoutePipeline
{
    internal static readonly RoutePipeline Empty = new([], [], null);

    readonly IReadOnlyList<GuardStep> input;
    readonly IReadOnlyList<GuardStep> output;
    readonly Error? broken;

    RoutePipeline(IReadOnlyList<GuardStep> input, IReadOnlyList<GuardStep> output, Error? broken) => (this.input, this.output, this.broken) = (input, output, broken);

    /// <summary>Rules that cannot be read let nothing through.</summary>
    internal static RoutePipeline Of(IReadOnlyList<GuardrailRule> rules)
    {
        try
        {
            var steps = rules.Select((rule, index) => GuardStep.Of(index + 1, rule)).ToList();
            return new RoutePipeline([.. steps.Where(step => step.Rule.Applies != "output")], [.. steps.Where(step => step.Rule.Applies != "input")], null);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return new RoutePipeline([], [], GatewayErrors.GuardrailUnreadable);
        }
    }

    /// <summary>The call as it may go on. Errors: <c>gateway.blocked</c>, <c>gateway.request_invalid</c> (400), <c>gateway.guardrail_unreadable</c> (503).</summary>
    internal Result<GatewayCall> CheckInput(GatewayCall call, CallEntry entry)
    {
        if (broken is not null)
            return broken;
        if (output.Count > 0 && call is { Surface: Surface.Transcriptions, Shape.Stream: true })
            return GatewayErrors.RequestInvalid("The guardrails of this model need a transcript as a whole; leave stream out.", "stream");
        if (input.Count == 0)
            return call;
        var run = new GuardRun(input, entry);
        var body = call.Surface.IsForm() ? FormTexts.Rewrite(call.Body.Span, call.Shape, run.Apply) : RewriteJson(call.Body.Span, run);
        if (run.Refused is { } step)
            return step.Refusal;
        if (!body.TryGet(out var changed, out var invalid))
            return invalid;
        if (changed is null)
            return call;
        // Everything behind the first change stands elsewhere now.
        var shape = call.Surface.IsForm() ? FormShape.Read(changed, call.ContentType) : RequestShape.Read(changed);
        return shape.TryGet(out var known, out invalid) ? call with { Body = changed, Shape = known } : invalid;
    }

    /// <summary>The reply as it may go out, or why it may not. Sound and pictures are not looked into.</summary>
    internal ValueTask<(ReplyBody? Reply, Fault? Fault)> OverAsync(ReplyBody reply, GatewayCall call, CallEntry entry, CancellationToken cancel)
    {
        // A transcript may be plain text or subtitles.
        var speaks = reply.Streamed || call.Surface == Surface.Transcriptions || reply.ContentType.StartsWith("application/json", StringComparison.Ordinal);
        if (output.Count == 0 || !speaks)
            return new((reply, null));
        var run = new GuardRun(output, entry);
        return reply.Streamed ? new((new GuardedStream(reply, call, run), null)) : new(GuardedWhole.ReadAsync(reply, call, run, cancel));
    }

    static Result<byte[]?> RewriteJson(ReadOnlySpan<byte> body, GuardRun run)
    {
        try
        {
            return JsonTexts.RewriteRequest(body, run.Apply);
        }
        catch (InvalidOperationException)
        {
            return GatewayErrors.RequestInvalid("A text in the body is half a surrogate pair.", null);
        }
    }
}
