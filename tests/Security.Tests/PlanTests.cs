using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JeanTrail.Testing;

namespace JeanTrail.Security.Tests;

/// <summary>What a plan does not hold is not had by another door either.</summary>
public sealed class PlanTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Theory]
    [InlineData("images/generations")]
    [InlineData("images/edits")]
    public async Task A_key_makes_no_images_for_somebody_whose_plan_has_none(string path)
    {
        using var member = await server.NewMemberAsync();
        using var made = await member.PostAsJsonAsync("/api/gateway/keys", new { name = "Images", surfaces = new[] { "*" }, models = new[] { "*" } });
        var secret = (await made.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!.GetValue<string>();

        (await AskAsync(path, secret)).ShouldBe("gateway.plan_lacks");
        using var changed = await server.Owner.PutAsJsonAsync($"/api/accounts/users/{await AttackedServer.UserIdAsync(member)}/role", new { role = "premium" });
        changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        // What keys know of their person is told to all nodes, and so a moment later.
        await Eventually.BeTrueAsync(async () => await AskAsync(path, secret) != "gateway.plan_lacks");
    }

    async Task<string> AskAsync(string path, string secret)
    {
        using var program = server.Host.NewClient();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var content = Content(path);
        using var response = await program.PostAsync(new Uri($"/v1/{path}", UriKind.Relative), content);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["code"]!.GetValue<string>();
    }

    static HttpContent Content(string path)
        => path == "images/edits"
            ? new MultipartFormDataContent { { new StringContent("harbour/painter"), "model" }, { new StringContent("a lighthouse"), "prompt" } }
            : JsonContent.Create(new { model = "harbour/painter", prompt = "a lighthouse" });
}
