using System.Text.RegularExpressions;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Models.Catalogue;
using JeanTrail.Models.Speech;

namespace JeanTrail.Models.Pulls;

/// <summary>From where a model comes, and under which terms.</summary>
/// <param name="Source">As it is stored: <c>catalogue:…</c>, <c>hf:…</c>, an address, <c>file</c>.</param>
/// <param name="Url">Null for a file of this machine.</param>
/// <param name="Ending">Of an archive of a speech model; null of a GGUF file.</param>
internal sealed partial record PullSource(string Source, Uri? Url, string? Path, string Name, LocalPurpose? Purpose, PullTerms Terms, string? Ending = null)
{
    internal const int MaxLength = 2000;
    const string Unstated = "see the model's page";

    /// <param name="files">Whether paths on this machine may be named: at the console, not over the network.</param>
    internal static Result<PullSource> Parse(string text, bool files)
    {
        text = text.Trim();
        if (ModelCatalogue.Find(text) is { } entry)
            return new PullSource($"catalogue:{entry.Name}", entry.FileUrl, null, entry.Name, entry.Purpose, new PullTerms(entry.FileUrl.AbsoluteUri, entry.Licence, entry.LicenceUrl, Known: true));
        if (ModelCatalogue.FindSpeech(text) is { } spoken)
            return new PullSource($"catalogue:{spoken.Name}", spoken.Url, null, spoken.Name, null, new PullTerms(spoken.Url.AbsoluteUri, spoken.Licence, spoken.LicenceUrl, Known: true), ArchiveReader.EndingOf(spoken.Url.AbsolutePath));
        if (HubName().Match(text) is { Success: true } hub)
        {
            var repository = hub.Groups["repository"].Value;
            var url = new Uri($"{ModelCatalogue.Hub}/{repository}/resolve/main/{hub.Groups["file"].Value}");
            return new PullSource(text, url, null, NameOf(url), null, new PullTerms(url.AbsoluteUri, Unstated, $"{ModelCatalogue.Hub}/{repository}", Known: false), ArchiveReader.EndingOf(url.AbsolutePath));
        }

        if (files && System.IO.Path.IsPathFullyQualified(text) && File.Exists(text))
            return new PullSource("file", null, text, NameOf(System.IO.Path.GetFileName(text)), null, new PullTerms(text, Unstated, "", Known: false), ArchiveReader.EndingOf(text));
        if (text.Length > MaxLength || !SsrfGuard.Check(text, OutboundPolicy.OwnerConfigured).TryGet(out var address, out _))
            return ModelsErrors.SourceInvalid;
        return new PullSource(address.AbsoluteUri, address, null, NameOf(address), null, new PullTerms(address.AbsoluteUri, Unstated, address.GetLeftPart(UriPartial.Path), Known: false), ArchiveReader.EndingOf(address.AbsolutePath));
    }

    internal static bool IsName(string name) => Names().IsMatch(name);

    static string NameOf(Uri url) => NameOf(Uri.UnescapeDataString(url.Segments[^1]));

    /// <summary>A file's name as a model's: <c>Qwen3-0.6B-Q8_0.gguf</c> is <c>qwen3-0.6b-q8-0</c>.</summary>
    static string NameOf(string file)
    {
        var ending = ArchiveReader.EndingOf(file) ?? (file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? ".gguf" : "");
        var name = file[..^ending.Length];
        var clean = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-')).Trim('-', '.');
        return clean.Length == 0 ? "model" : clean[..Math.Min(clean.Length, 60)].TrimEnd('-', '.');
    }

    [GeneratedRegex(@"^hf:(?<repository>[\w.-]{1,96}/[\w.-]{1,96})/(?<file>[\w./-]{1,200}\.(gguf|tar\.bz2|tar\.gz|zip))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 500)]
    private static partial Regex HubName();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{0,59}$", RegexOptions.CultureInvariant, 500)]
    private static partial Regex Names();
}
