using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Models.Catalogue;

/// <summary>A model that can be had by name.</summary>
/// <param name="Repository">Owner and name on the hub.</param>
/// <param name="SizeBytes">About: what counts is what the hub says when it is pulled, which also gives the checksum.</param>
/// <param name="ContextBytes">Bytes of memory that one token of context takes.</param>
internal sealed record CatalogueEntry(
    string Name, string Title, LocalPurpose Purpose, string Repository, string File, long SizeBytes, long Parameters, long ContextBytes, string Licence)
{
    internal string LicenceUrl => $"{ModelCatalogue.Hub}/{Repository}";

    internal Uri FileUrl => new($"{ModelCatalogue.Hub}/{Repository}/resolve/main/{File}");
}

/// <summary>A speech model that can be had by name: an archive of a folder.</summary>
/// <param name="SizeBytes">Of the archive, about.</param>
/// <param name="LicenceUrl">The page of whoever made it.</param>
/// <param name="Languages">BCP 47, of the interface's: those it was made for.</param>
internal sealed record SpeechEntry(string Name, string Title, SpeechPurpose Purpose, Uri Url, long SizeBytes, string Licence, string LicenceUrl, IReadOnlyList<string> Languages);

/// <summary>The models that JeanTrail knows by name: the Qwen3 family, which speaks all interface languages.</summary>
internal static class ModelCatalogue
{
    internal const string Hub = "https://huggingface.co";

    /// <summary>All of the family were trained on more than a hundred languages; these are the ones the interface has.</summary>
    internal static readonly IReadOnlyList<string> Languages = ["en", "ar", "vi", "ru"];

    internal static IReadOnlyList<CatalogueEntry> All { get; } = Read<CatalogueEntry>("catalogue.json");

    internal static IReadOnlyList<SpeechEntry> Speech { get; } = Read<SpeechEntry>("speech-catalogue.json");

    internal static CatalogueEntry? Find(string name) => All.FirstOrDefault(entry => entry.Name == name);

    internal static SpeechEntry? FindSpeech(string name) => Speech.FirstOrDefault(entry => entry.Name == name);

    static T[] Read<T>(string file)
    {
        using var stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream(file)!;
        return JsonSerializer.Deserialize<T[]>(stream, KernelJson.Options)!;
    }
}
