using System.Text;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>The prompt of a <c>multipart/form-data</c> request, whose other fields are files and settings.</summary>
internal static class FormTexts
{
    /// <summary>The form with its prompt edited; null when it did not change.</summary>
    internal static Result<byte[]?> Rewrite(ReadOnlySpan<byte> form, RequestShape shape, Func<string, string> edit)
    {
        var changes = new List<(Range At, string Text)>();
        foreach (var at in shape.FormTextsAt)
        {
            var text = Encoding.UTF8.GetString(form[at]);
            var edited = edit(text);
            if (!string.Equals(text, edited, StringComparison.Ordinal))
                changes.Add((at, edited));
        }

        if (changes.Count == 0)
            return (byte[]?)null;
        var result = new List<byte>(form.Length);
        var copied = 0;
        foreach (var (at, text) in changes)
        {
            result.AddRange(form[copied..at.Start.Value]);
            result.AddRange(Encoding.UTF8.GetBytes(text));
            copied = at.End.Value;
        }

        result.AddRange(form[copied..]);
        return result.ToArray();
    }
}
