using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Library;

internal static class VerifyModel
{
    /// <param name="Whole">The file is, byte for byte, what was installed.</param>
    public sealed record Response(bool Whole);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/{id:guid}/verify", Handle)
            .WithName("Models_Verify")
            .WithSummary("Reads the whole file again and compares its checksum. A damaged model answers no more until it is pulled again.")
            .WithExample(response: new Response(Whole: true))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, ModelLibrary library, CancellationToken cancel)
        => await library.FindAsync(id, cancel) is { } model
            ? TypedResults.Ok(new Response(await library.VerifyAsync(model.Row, model.Path, told: null, cancel)))
            : ModelsErrors.Unknown.ToProblem();
}
