using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Models.Library;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Pulls;

internal static class StartPull
{
    /// <param name="Source">A name of the catalogue, <c>hf:owner/repository/file.gguf</c>, or an https address of a GGUF file or of an archive of a speech model.</param>
    /// <param name="Name">What to call it; null takes the catalogue's or the file's name.</param>
    /// <param name="AcceptLicence">The person has read the licence and accepts it.</param>
    public sealed record Request([Required, StringLength(PullSource.MaxLength)] string Source, string? Name, bool AcceptLicence = false);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/pulls", Handle)
            .WithName("Models_StartPull")
            .WithSummary("Fetches a model onto this machine. It goes on by itself after a restart; refused until its licence is accepted.")
            .WithExample(new Request("qwen3-0.6b", null, AcceptLicence: true), ListPulls.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListPulls.Pull>, ProblemHttpResult>> Handle(Request request, PullQueue queue, Arrivals arrivals, CancellationToken cancel)
    {
        if (!PullSource.Parse(request.Source, files: false).TryGet(out var source, out var invalid))
            return invalid.ToProblem();
        var name = string.IsNullOrWhiteSpace(request.Name) ? source.Name : request.Name.Trim();
        if (!PullSource.IsName(name))
            return ModelsErrors.NameInvalid.ToProblem();
        if (!request.AcceptLicence)
            return ModelsErrors.LicenceNotAccepted(source.Terms.Licence, source.Terms.LicenceUrl).ToProblem();
        if (await arrivals.IsTakenAsync(name, cancel))
            return ModelsErrors.NameTaken.ToProblem();
        var added = await queue.AddAsync(source, name, cancel);
        return added.TryGet(out var pull, out var error) ? TypedResults.Ok(pull.ToView()) : error.ToProblem();
    }
}
