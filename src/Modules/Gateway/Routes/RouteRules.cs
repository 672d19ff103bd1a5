using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Routes;

/// <summary>The pure rules of choosing.</summary>
internal static class RouteRules
{
    /// <summary>What an answer is taken to cost before anybody knows.</summary>
    internal const long TypicalOutputTokens = 500;

    /// <summary>Why a target with these conditions does not take the request; null when it does.</summary>
    internal static string? Objection(RouteConditions when, RouteQuestion question, DateTimeOffset now)
    {
        var shape = question.Shape;
        var tokens = shape.EstimatedInputTokens;
        if (tokens < when.MinInputTokens)
            return $"The input is smaller than {when.MinInputTokens} tokens (about {tokens}).";
        if (tokens > when.MaxInputTokens)
            return $"The input is larger than {when.MaxInputTokens} tokens (about {tokens}).";
        if (when.Tools is { } tools && tools != shape.HasTools)
            return tools ? "It takes only requests with tools." : "It takes no requests with tools.";
        if (when.Modalities is { } known && Names(shape.Modalities).FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } missing)
            return $"It does not understand {missing} input.";
        if (when.Languages is { Count: > 0 } languages && !languages.Contains(shape.Script ?? "other", StringComparer.Ordinal))
            return $"It is not for text in this language ({shape.Script ?? "other"}).";
        if (when.Plans is { Count: > 0 } plans && !plans.Contains(question.Plan, StringComparer.Ordinal))
            return $"It is not for callers on the plan {question.Plan}.";
        return when.Hours is { } hours && !Covers(hours, now) ? $"It is only used from {hours.From:HH\\:mm} until {hours.Until:HH\\:mm} ({hours.TimeZone})." : null;
    }

    internal static bool Covers(RouteHours hours, DateTimeOffset now)
    {
        var local = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(hours.TimeZone)).DateTime);
        return local.IsBetween(hours.From, hours.Until);
    }

    /// <summary>
    /// A key for sorting that puts each target first with a chance in proportion to its weight.
    /// Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir (2006).
    /// </summary>
    internal static double WeightedDraw(int weight, Random random) => Math.Pow(random.NextDouble(), 1.0 / weight);

    /// <summary>
    /// The same for every node and every call of a conversation; when a target goes, only its own conversations move.
    /// Source: weighted rendezvous hashing, Schindelhauer and Schomaker (2005).
    /// </summary>
    internal static double StickyScore(string conversation, string target, int weight)
    {
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{conversation}\n{target}")));
        var unit = ((hash >> 11) + 0.5) / (1UL << 53);
        return weight / -Math.Log(unit);
    }

    static IEnumerable<string> Names(Modalities modalities)
    {
        if (modalities.HasFlag(Modalities.Image))
            yield return "image";
        if (modalities.HasFlag(Modalities.Audio))
            yield return "audio";
        if (modalities.HasFlag(Modalities.File))
            yield return "file";
    }
}
