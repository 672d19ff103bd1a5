using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Costs;

/// <summary>Prices as they are written, one version at a time.</summary>
internal static class PriceLines
{
    /// <summary>What a pattern's models cost from a moment on, in millionths of the installation's currency.</summary>
    /// <param name="Pattern"><c>provider/model</c>, a beginning such as <c>provider/*</c>, or <c>*</c>. The most specific pattern counts.</param>
    /// <param name="InputMicros">Per million tokens, as are the next four.</param>
    /// <param name="CachedInputMicros">For input read from the provider's prompt cache; null: as other input.</param>
    /// <param name="CacheWriteMicros">For input written to that cache; null: as other input.</param>
    /// <param name="ReasoningMicros">Null: as other output.</param>
    /// <param name="RequestMicros">For each call.</param>
    /// <param name="ImageMicros">For each picture made.</param>
    /// <param name="AudioSecondMicros">For each second of audio heard or spoken.</param>
    /// <param name="CharacterMicros">For each character of text that is spoken.</param>
    /// <param name="ValidFrom">Null: from now on. Calls keep the price that was in force when they began.</param>
    /// <param name="Ended">The pattern has no price from then on; a less specific one counts.</param>
    public sealed record Line(
        [Required, StringLength(ModelName.MaxLength, MinimumLength = 1)] string Pattern,
        long InputMicros,
        long OutputMicros,
        long? CachedInputMicros = null,
        long? CacheWriteMicros = null,
        long? ReasoningMicros = null,
        long RequestMicros = 0,
        long? ImageMicros = null,
        long? AudioSecondMicros = null,
        long? CharacterMicros = null,
        DateTimeOffset? ValidFrom = null,
        bool Ended = false);

    /// <summary>A million of the currency, for a million tokens or one picture: surely a slip.</summary>
    const long Most = 1_000_000_000_000;

    // A version that says what is in the table already is not written again, so that an import may be repeated.
    const string Sql = $"""
        insert into gateway.price ({PriceRow.Columns}, created_at)
        select @Id, @Pattern, coalesce((select max(version) from gateway.price where pattern = @Pattern), 0) + 1, @ValidFrom::timestamptz, @Ended::boolean,
            @InputMicros::bigint, @OutputMicros::bigint, @CachedInputMicros::bigint, @CacheWriteMicros::bigint, @ReasoningMicros::bigint,
            @RequestMicros::bigint, @ImageMicros::bigint, @AudioSecondMicros::bigint, @CharacterMicros::bigint, @Now::timestamptz
        where not exists (
            select from gateway.price where pattern = @Pattern and valid_from = @ValidFrom and ended = @Ended and input_micros = @InputMicros
                and output_micros = @OutputMicros and cached_input_micros is not distinct from @CachedInputMicros
                and cache_write_micros is not distinct from @CacheWriteMicros and reasoning_micros is not distinct from @ReasoningMicros
                and request_micros = @RequestMicros and image_micros is not distinct from @ImageMicros
                and audio_second_micros is not distinct from @AudioSecondMicros and character_micros is not distinct from @CharacterMicros)
        returning {PriceRow.Columns}
        """;

    /// <summary>Null when the line may be written.</summary>
    internal static Error? Check(Line line)
    {
        if (!ModelPattern.IsValid(line.Pattern))
            return GatewayErrors.Field("pattern", $"'{line.Pattern}' is no model's name; an asterisk stands at the end only.");
        long?[] amounts =
        [
            line.InputMicros, line.OutputMicros, line.CachedInputMicros, line.CacheWriteMicros, line.ReasoningMicros, line.RequestMicros, line.ImageMicros,
            line.AudioSecondMicros, line.CharacterMicros,
        ];
        return Array.TrueForAll(amounts, amount => amount is null or (>= 0 and <= Most)) ? null : GatewayErrors.Field("inputMicros", $"A price of {line.Pattern} is negative, or more than {Most}.");
    }

    /// <summary>Writes a new version; null when the table says the same already.</summary>
    internal static Task<PriceRow?> AddAsync(IDbSession session, Line line, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return session.FindAsync<PriceRow>(
            Sql,
            new
            {
                Id = Ids.New(clock),
                line.Pattern,
                ValidFrom = Microseconds(line.ValidFrom ?? now),
                line.Ended,
                line.InputMicros,
                line.OutputMicros,
                line.CachedInputMicros,
                line.CacheWriteMicros,
                line.ReasoningMicros,
                line.RequestMicros,
                line.ImageMicros,
                line.AudioSecondMicros,
                line.CharacterMicros,
                Now = now,
            },
            cancel);
    }

    /// <summary>As the database keeps it, or a repeated line would not be found again.</summary>
    static DateTimeOffset Microseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
}
