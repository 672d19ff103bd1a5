using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Models.Catalogue;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Speech;

/// <summary>The speech models of the machine, for the page: those that are there and those that can be had by name. They are pulled as any other model.</summary>
internal static class SpeechModels
{
    /// <param name="Kind">As of <see cref="SpeechModel"/>.</param>
    /// <param name="Licence">As it was accepted; null of a folder that was put there by hand.</param>
    /// <param name="Damaged">Its files are not what they were: it is not used any more.</param>
    /// <param name="Verifiable">Whether it is known what its files were.</param>
    public sealed record Model(string Name, SpeechPurpose Purpose, string Kind, long SizeBytes, string? Licence, bool Damaged, bool Verifiable, DateTimeOffset InstalledAt);

    /// <param name="SizeBytes">Of what is fetched, about.</param>
    /// <param name="Languages">Of the interface's, those it was made for.</param>
    public sealed record Offer(string Name, string Title, SpeechPurpose Purpose, long SizeBytes, string Licence, string LicenceUrl, IReadOnlyList<string> Languages, bool Installed);

    public sealed record Response(IReadOnlyList<Model> Items, IReadOnlyList<Offer> Offers);

    /// <param name="Whole">Each file is, byte for byte, what came.</param>
    public sealed record Verified(bool Whole);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/speech", ListAsync)
            .WithName("Models_ListSpeech")
            .WithSummary("Lists the speech models on this machine, and those that can be pulled by name.")
            .WithExample(response: new Response(
                [new("piper-en-amy", SpeechPurpose.Voice, "vits", 63_104_526, "see the voice's MODEL_CARD", Damaged: false, Verifiable: true, new(2026, 3, 14, 9, 21, 40, TimeSpan.Zero))],
                [ToOffer(ModelCatalogue.Speech[0], [])]))
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapDelete("/speech/{name}", RemoveAsync)
            .WithName("Models_RemoveSpeech")
            .WithSummary("Removes a speech model and its files. What it is saying or hearing ends where it is.")
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPost("/speech/{name}/verify", VerifyAsync)
            .WithName("Models_VerifySpeech")
            .WithSummary("Reads all files of a speech model again and compares their checksums. A damaged one is used no more until it is pulled again.")
            .WithExample(response: new Verified(Whole: true))
            .RequireAuthorization(Permissions.GatewayManage);
    }

    static async Task<Ok<Response>> ListAsync(SpeechLibrary library, CancellationToken cancel)
    {
        var models = await library.ListAsync(cancel);
        var names = models.Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        return TypedResults.Ok(new Response([.. models.Select(ToView)], [.. ModelCatalogue.Speech.Select(entry => ToOffer(entry, names))]));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, SpeechLibrary library, CancellationToken cancel)
        => await library.RemoveAsync(name, cancel) is { } error ? error.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Ok<Verified>, ProblemHttpResult>> VerifyAsync(string name, SpeechLibrary library, CancellationToken cancel)
        => (await library.VerifyAsync(name, told: null, cancel)).TryGet(out var whole, out var error) ? TypedResults.Ok(new Verified(whole)) : error.ToProblem();

    static Model ToView(SpeechFolder model)
    {
        var manifest = SpeechManifest.Read(model.Path);
        return new Model(model.Name, SpeechKind.PurposeOf(model.Kind), model.Kind, model.SizeBytes, manifest?.Licence, model.Damaged, manifest is not null, model.InstalledAt);
    }

    static Offer ToOffer(SpeechEntry entry, HashSet<string> installed)
        => new(entry.Name, entry.Title, entry.Purpose, entry.SizeBytes, entry.Licence, entry.LicenceUrl, entry.Languages, installed.Contains(entry.Name));
}
