using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Models.Library;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Running;

/// <summary>Into memory, out of it, and how fast it is there.</summary>
internal static class LoadModel
{
    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/{id:guid}/load", Load)
            .WithName("Models_Load")
            .WithSummary("Loads a model now, so that the first question does not wait for it.")
            .WithExample(response: ListModels.Example)
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPost("/{id:guid}/unload", Unload)
            .WithName("Models_Unload")
            .WithSummary("Gives the model's memory back. The next question loads it again.")
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPost("/{id:guid}/test", Test)
            .WithName("Models_Test")
            .WithSummary("Measures how fast the model is on this machine, in a few seconds.")
            .WithExample(response: ListModels.Example.Speed)
            .RequireAuthorization(Permissions.GatewayManage);
    }

    static async Task<Results<Ok<ListModels.Model>, ProblemHttpResult>> Load(Guid id, ModelLibrary library, LocalEngine engine, ModelViews views, CancellationToken cancel)
    {
        if (await library.FindAsync(id, cancel) is not { } model)
            return ModelsErrors.Unknown.ToProblem();
        var opened = await engine.OpenAsync(model.Row, model.Path, cancel);
        if (!opened.TryGet(out var worker, out var error))
            return error.ToProblem();
        try
        {
            await worker.LoadAsync(cancel);
            return await views.FindAsync(id, cancel) is { } view ? TypedResults.Ok(view) : ModelsErrors.Unknown.ToProblem();
        }
        catch (LocalModelException failure)
        {
            return failure.Error.ToProblem();
        }
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Unload(Guid id, ModelLibrary library, LocalEngine engine, CancellationToken cancel)
    {
        if (await library.FindAsync(id, cancel) is null)
            return ModelsErrors.Unknown.ToProblem();
        await engine.UnloadAsync(id);
        return TypedResults.NoContent();
    }

    static async Task<Results<Ok<ListModels.Speed>, ProblemHttpResult>> Test(Guid id, ModelLibrary library, SelfTest test, CancellationToken cancel)
    {
        if (await library.FindAsync(id, cancel) is not { } model)
            return ModelsErrors.Unknown.ToProblem();
        try
        {
            return TypedResults.Ok(ListModels.ToView(await test.RunAsync(model.Row, model.Path, cancel)));
        }
        catch (LocalModelException failure)
        {
            return failure.Error.ToProblem();
        }
    }
}
