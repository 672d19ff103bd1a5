using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Limits;

internal static class FindParties
{
    const int Most = 50;
    const int MaxSearch = 100;

    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Id">The subject of a limit.</param>
    /// <param name="Detail">What tells namesakes apart: a person's address, of a team the name of its owner.</param>
    public sealed record Item(Guid Id, string Name, string Detail);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/limits/parties", Handle)
            .WithName("Gateway_FindLimitParties")
            .WithSummary("Finds people or teams by name, to limit what they use.")
            .WithExample(response: new Response([new Item(Keys.ListKeys.Example.UserId, "Olga", "olga@example.org")]))
            .RequireAuthorization(Permissions.GatewayManage);

    /// <param name="kind"><c>user team</c>.</param>
    /// <param name="search">Part of the name, or of a person's e-mail address.</param>
    static async Task<Ok<Response>> Handle(
        IParties parties, CancellationToken cancel, [RegularExpression("^(user|team)$")] string kind = "user", [StringLength(MaxSearch)] string? search = null)
        => TypedResults.Ok(new Response(
            [.. (await parties.FindAsync(kind == "team" ? PartyKind.Team : PartyKind.Person, search, Most, cancel)).Select(party => new Item(party.Id, party.Name, party.Detail))]));
}
