namespace JeanTrail.Gateway.Costs;

/// <summary>One version of what a pattern's models cost, in millionths of the installation's currency. Never changed once written.</summary>
/// <param name="Pattern">Of <see cref="Models.ModelPattern"/>, on <c>provider/model</c>.</param>
/// <param name="Ended">From <paramref name="ValidFrom"/> on the pattern has no price.</param>
/// <param name="InputMicros">Per million tokens, as are the next four.</param>
/// <param name="CachedInputMicros">Null: as other input. So for cache writes.</param>
/// <param name="ReasoningMicros">Null: as other output.</param>
/// <param name="RequestMicros">For each call, whatever its size.</param>
internal sealed record PriceRow(
    Guid PriceId, string Pattern, int Version, DateTimeOffset ValidFrom, bool Ended, long InputMicros, long OutputMicros, long? CachedInputMicros,
    long? CacheWriteMicros, long? ReasoningMicros, long RequestMicros, long? ImageMicros, long? AudioSecondMicros, long? CharacterMicros)
{
    internal const string Columns = """
        price_id, pattern, version, valid_from, ended, input_micros, output_micros, cached_input_micros,
        cache_write_micros, reasoning_micros, request_micros, image_micros, audio_second_micros, character_micros
        """;

    const int PerMillion = 1_000_000;

    /// <summary>What these amounts cost, rounded to the nearest millionth.</summary>
    internal long CostMicros(BilledAmounts amounts)
    {
        var plainInput = Math.Max(0, amounts.Input - amounts.CachedInput - amounts.CacheWrite);
        var plainOutput = Math.Max(0, amounts.Output - amounts.Reasoning);
        var tokens = (Int128)plainInput * InputMicros
            + (Int128)amounts.CachedInput * (CachedInputMicros ?? InputMicros)
            + (Int128)amounts.CacheWrite * (CacheWriteMicros ?? InputMicros)
            + (Int128)plainOutput * OutputMicros
            + (Int128)amounts.Reasoning * (ReasoningMicros ?? OutputMicros);
        var rest = RequestMicros
            + (Int128)amounts.Images * (ImageMicros ?? 0)
            + (Int128)amounts.Characters * (CharacterMicros ?? 0)
            + (Int128)Math.Round(amounts.AudioSeconds * (AudioSecondMicros ?? 0));
        return (long)Int128.Min((tokens + PerMillion / 2) / PerMillion + rest, long.MaxValue);
    }

    /// <summary>The most that so many tokens may cost, wherever they are counted.</summary>
    internal long MostMicros(long inputTokens, long outputTokens)
    {
        var dearestInput = Math.Max(InputMicros, Math.Max(CachedInputMicros ?? 0, CacheWriteMicros ?? 0));
        var dearestOutput = Math.Max(OutputMicros, ReasoningMicros ?? 0);
        var tokens = (Int128)inputTokens * dearestInput + (Int128)outputTokens * dearestOutput;
        return (long)Int128.Min((tokens + PerMillion - 1) / PerMillion + RequestMicros, long.MaxValue);
    }
}

/// <summary>What a call is billed by.</summary>
/// <param name="Input">All of it, cached and written to the cache included.</param>
/// <param name="Output">All of it, reasoning included.</param>
internal readonly record struct BilledAmounts(
    long Input, long CachedInput, long CacheWrite, long Output, long Reasoning, int Images = 0, double AudioSeconds = 0, long Characters = 0);
