using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Library;

internal static class RemoveModel
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/{id:guid}", Handle)
            .WithName("Models_Remove")
            .WithSummary("Removes a model and its file. Answers it is giving end where they are.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, ModelLibrary library, LocalEngine engine, CancellationToken cancel)
    {
        if (await library.FindAsync(id, cancel) is not { } model)
            return ModelsErrors.Unknown.ToProblem();
        await engine.UnloadAsync(id, removed: true);
        await library.RemoveAsync(model.Row, model.Path, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
