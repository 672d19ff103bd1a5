using System.Globalization;

namespace JeanTrail.Kernel.Audit;

/// <summary>Checks the record at the server's command line.</summary>
public interface IAuditVerification
{
    /// <summary>
    /// Walks the chain and compares it with the anchors outside of the database. Whether both hold, and sentences in English that say so or where not.
    /// </summary>
    /// <param name="anchorFile">Another file than the configured one, such as a copy that was kept elsewhere; null for that one.</param>
    Task<(bool Holds, IReadOnlyList<string> Said)> VerifyAsync(string? anchorFile, CancellationToken cancel);
}

internal sealed class AuditVerification(Data.Db db, AuditAnchorFile configured, TimeProvider clock) : IAuditVerification
{
    public async Task<(bool Holds, IReadOnlyList<string> Said)> VerifyAsync(string? anchorFile, CancellationToken cancel)
    {
        var file = anchorFile is null ? configured : new AuditAnchorFile(anchorFile);
        var verdict = await new AuditTrail(db, file, clock).VerifyAsync(cancel);
        return (verdict.Holds, [.. Say(verdict, file)]);
    }

    internal static IEnumerable<string> Say(AuditVerdict verdict, AuditAnchorFile file)
    {
        yield return verdict.FirstBroken is { } broken
            ? string.Create(CultureInfo.InvariantCulture, $"The chain is broken at entry {broken}: it was changed, is missing or does not belong. The {verdict.Checked} before it hold.")
            : string.Create(CultureInfo.InvariantCulture, $"The chain holds: {verdict.Checked} entries.");
        if (verdict is { AgreesTo: null, PartsAt: null })
        {
            yield return $"Nothing was written down outside of the database in {file.Path}: a chain that was computed anew would not be found.";
            yield break;
        }

        if (verdict.AgreesTo is { } agrees)
            yield return $"It leads through what was written down in {file.Path} up to entry {At(agrees)}.";
        if (verdict.PartsAt is not { } parts)
            yield break;
        var after = verdict.AgreesTo?.Position ?? 0;
        yield return parts.Position > verdict.Checked
            ? string.Create(CultureInfo.InvariantCulture, $"It was CUT: entry {At(parts)} was written down and is not there. The last that is there is {verdict.Checked}.")
            : string.Create(CultureInfo.InvariantCulture, $"It was REWRITTEN: entry {At(parts)} is another than was written down. The first that was changed is one of {after + 1} to {parts.Position}.");
    }

    static string At(AuditAnchor anchor) => string.Create(CultureInfo.InvariantCulture, $"{anchor.Position} (on {anchor.WrittenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)");
}
