using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Gateway.Costs;

internal static class ImportPrices
{
    /// <param name="Items">As the list gives them; ids, versions and what is in force are not taken over.</param>
    public sealed record Request([Required, MaxLength(MostLines)] IReadOnlyList<PriceLines.Line> Items);

    /// <param name="Unchanged">Lines that the table says already.</param>
    public sealed record Response(int Added, int Unchanged);

    const int MostLines = 10_000;
    const int MostCsvBytes = 4 * 1024 * 1024;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/prices/import", HandleJson)
            .WithName("Gateway_ImportPrices")
            .WithSummary("Takes a list of prices, all or nothing: each line becomes a new version, unless the table says the same already.")
            .WithExample(new Request([new PriceLines.Line(ListPrices.Example.Pattern, 400_000, 1_600_000, 100_000, ValidFrom: ListPrices.Example.ValidFrom)]), new Response(1, 0))
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapPost("/prices/import-csv", HandleCsv)
            .WithName("Gateway_ImportPricesCsv")
            .WithSummary("The same from CSV, in the form of the export. The first line names the columns.")
            .Accepts<string>("text/csv")
            .WithExample(response: new Response(1, 0))
            .RequireAuthorization(Permissions.GatewayManage);
    }

    static Task<Results<Ok<Response>, ProblemHttpResult>> HandleJson(Request request, Db db, PriceBook prices, TimeProvider clock, CancellationToken cancel)
        => ImportAsync(request.Items, db, prices, clock, cancel);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleCsv(HttpRequest request, Db db, PriceBook prices, TimeProvider clock, CancellationToken cancel)
    {
        if (request.ContentLength is null or > MostCsvBytes)
            return KernelErrors.TooLarge.ToProblem();
        using var reader = new StreamReader(request.Body);
        var read = PriceCsv.Read(await reader.ReadToEndAsync(cancel), MostLines);
        return read.TryGet(out var lines, out var error) ? await ImportAsync(lines, db, prices, clock, cancel) : error.ToProblem();
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> ImportAsync(
        IReadOnlyList<PriceLines.Line> lines, Db db, PriceBook prices, TimeProvider clock, CancellationToken cancel)
    {
        if (lines.Select(PriceLines.Check).FirstOrDefault(error => error is not null) is { } invalid)
            return invalid.ToProblem();
        var added = 0;
        try
        {
            await db.InTransactionAsync(
                async tx =>
                {
                    foreach (var line in lines)
                        added += await PriceLines.AddAsync(tx, line, clock, cancel) is null ? 0 : 1;
                },
                cancel);
        }
        catch (PostgresException crossed) when (crossed is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "price_version" })
        {
            return GatewayErrors.ChangedMeanwhile.ToProblem();
        }

        await prices.ChangedAsync(CancellationToken.None);
        return TypedResults.Ok(new Response(added, lines.Count - added));
    }
}
