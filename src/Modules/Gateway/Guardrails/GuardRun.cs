using System.Text;
using JeanTrail.Gateway.Usage;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>A pipeline at work on the texts of one request or one reply. For one thread at a time.</summary>
/// <param name="entry">Where it is written down that a step refused.</param>
internal sealed class GuardRun(IReadOnlyList<GuardStep> steps, CallEntry? entry = null)
{
    /// <summary>
    /// Even a linear expression may look at all of a text for each of its matches. In pieces it looks at one, so that a long text costs in
    /// proportion to its length whatever the owner wrote.
    /// </summary>
    const int Piece = 2048;

    readonly Dictionary<GuardStep, long> characters = [];

    /// <summary>The step that does not let it pass; null while all do.</summary>
    internal GuardStep? Refused { get; private set; }

    /// <summary>Another run of the same steps, but for limits on size: over texts that were counted already.</summary>
    internal GuardRun WithoutLimits() => new([.. steps.Where(step => step.Patterns.Count > 0)]);

    internal void Refuse(GuardStep step)
    {
        Refused ??= step;
        if (entry is not null)
            entry.Guardrail ??= step.Name;
    }

    internal TextChannel Open() => new(this, steps);

    /// <summary>A text that is here as a whole.</summary>
    internal string Apply(string text)
    {
        var channel = Open();
        if (text.Length <= Piece)
            return channel.Push(text, last: true);
        var output = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at += Piece)
            output.Append(channel.Push(text.Substring(at, Math.Min(Piece, text.Length - at)), last: at + Piece >= text.Length));
        return output.ToString();
    }

    /// <summary>Counts towards a limit on all texts together.</summary>
    internal void Count(GuardStep step, int more)
    {
        characters.TryGetValue(step, out var sum);
        characters[step] = sum += more;
        if (sum > step.Rule.Limit)
            Refuse(step);
    }
}
