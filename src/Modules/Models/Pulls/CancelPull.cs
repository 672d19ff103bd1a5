using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Library;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Pulls;

internal static class CancelPull
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/pulls/{id:guid}", Handle)
            .WithName("Models_CancelPull")
            .WithSummary("Stops a pull, or puts one aside that failed, and throws away what has arrived.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, PullQueue queue, ModelFolder folder, CancellationToken cancel)
    {
        if (await queue.FindAsync(id, cancel) is not { } pull)
            return ModelsErrors.PullUnknown.ToProblem();
        if (!await queue.CancelAsync(pull, cancel))
            return ModelsErrors.PullOver.ToProblem();
        // A running job deletes its file itself, when it has let go of it.
        if (pull.State is "waiting" or "failed")
            File.Delete(ModelFolder.Unfinished(await folder.GetAsync(cancel), id));
        return TypedResults.NoContent();
    }
}
