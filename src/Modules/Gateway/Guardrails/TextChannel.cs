using System.Text;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// One text on its way through the steps of a pipeline, whole or in pieces. In pieces it comes out as it would have come out whole, as far as
/// matches are no longer than <see cref="Window"/>; held back is only what may still become a match.
/// </summary>
internal sealed class TextChannel(GuardRun run, IReadOnlyList<GuardStep> steps)
{
    /// <summary>The most a pattern holds back, in characters.</summary>
    internal const int Window = 256;

    readonly Filter[] filters = [.. steps.SelectMany(step => step.Patterns.Count == 0 ? [new Filter(step, null)] : step.Patterns.Select(pattern => new Filter(step, pattern)))];

    /// <summary>Takes the next piece and gives what may go on. Once the run has refused, nothing does.</summary>
    internal string Push(string piece, bool last)
    {
        foreach (var filter in filters)
        {
            if (piece.Length == 0 && !last)
                return "";
            piece = filter.Push(run, piece, last);
        }

        return run.Refused is null ? piece : "";
    }

    /// <summary>One pattern of one step over one text.</summary>
    sealed class Filter(GuardStep step, TextPattern? pattern)
    {
        // What was held back, and before it the last character that was not: boundaries of words depend on it.
        string held = "";
        int context;

        internal string Push(GuardRun run, string piece, bool last)
        {
            if (run.Refused is not null)
                return "";
            if (pattern is null)
            {
                run.Count(step, piece.Length);
                return piece;
            }

            var text = held.Length == 0 ? piece : held + piece;
            StringBuilder? output = null;
            var at = context;
            var begin = at;
            while (true)
            {
                var undecided = last ? text.Length : Undecided(text, at);
                if (pattern.Next(text, at) is not { } next || next.Candidate.Start >= undecided)
                {
                    at = undecided;
                    break;
                }

                if (next.Meant is not { } meant)
                {
                    at = next.Candidate.Start + (pattern.LooksAgain ? 1 : next.Candidate.Length);
                    continue;
                }

                if (step.Refuses)
                {
                    run.Refuse(step);
                    return "";
                }

                output ??= new StringBuilder(text.Length);
                output.Append(text, begin, meant.Start - begin).Append(pattern.Replacement);
                begin = at = meant.Start + meant.Length;
            }

            // A character in two halves stays together.
            if (!last && at < text.Length && at > begin && char.IsLowSurrogate(text[at]))
                at--;
            var result = output is null ? text[begin..at] : output.Append(text, begin, at - begin).ToString();
            (held, context) = at == 0 ? (text, 0) : (text[(at - 1)..], 1);
            return result;
        }

        int Undecided(string text, int at) => pattern!.Undecided(text, Math.Max(at, text.Length - Window));
    }
}
