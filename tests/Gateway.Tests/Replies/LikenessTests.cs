using System.Globalization;
using JeanTrail.Gateway.Replies;
using JeanTrail.Gateway.Routes;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Gateway.Tests.Routed;

namespace JeanTrail.Gateway.Tests.Replies;

/// <summary>Texts are angles here: <c>10 degrees</c> and <c>30 degrees</c> are as like as the cosine of 20.</summary>
public sealed class LikenessTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    static readonly double Threshold = Math.Cos(20 * Math.PI / 180);

    static float[] Angle(string text)
    {
        var (sine, cosine) = Math.SinCos(double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) * Math.PI / 180);
        return [(float)(3 * cosine), (float)(3 * sine), 0, 0, 0, 0, 0, 0, 0];
    }

    async Task<string> RouteAsync(OpenAiServer upstream)
    {
        upstream.Embed(Angle).Reply(request => $"about {request.LastUserText}");
        var slug = (await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString()!;
        return await gateway.RouteAsync(slug, rule => rule with { Cache = new Route.Cache(Similarity: Threshold, EmbeddingModel: $"{slug}/sim-embed") });
    }

    [Fact]
    public async Task A_like_question_gets_the_reply_of_the_nearest_and_one_that_is_less_like_does_not()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream);

        (await gateway.AskAsync("chat/completions", Question(route, "0 degrees"))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(route, "21 degrees"))).Cache.ShouldBe("miss");
        var near = await gateway.AskAsync("chat/completions", Question(route, "19 degrees", stream: true));
        var nearer = await gateway.AskAsync("chat/completions", Question(route, "2 degrees"));
        var exact = await gateway.AskAsync("chat/completions", Question(route, "21 degrees"));

        (near.Cache, near.Content).ShouldBe(("semantic", "about 21 degrees"));
        (nearer.Cache, nearer.Content).ShouldBe(("semantic", "about 0 degrees"));
        (exact.Cache, exact.Content).ShouldBe(("hit", "about 21 degrees"));
    }

    [Fact]
    public async Task Only_the_last_message_may_differ()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream);
        object Body(string system, string last, int seed) => new
        {
            model = route,
            temperature = 0,
            seed,
            messages = new[] { new { role = "system", content = system }, new { role = "user", content = last } },
        };

        (await gateway.AskAsync("chat/completions", Body("Be brief.", "0 degrees", 1))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Body("Be long.", "1 degrees", 1))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Body("Be brief.", "2 degrees", 2))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Body("Be brief.", "3 degrees", 1))).Cache.ShouldBe("semantic");
        (await gateway.AskAsync("chat/completions", new
        {
            model = route,
            temperature = 0,
            seed = 1,
            messages = new object[] { new { role = "system", content = "Be brief." }, new { role = "user", content = new object[] { new { type = "text", text = "3 degrees" }, new { type = "image_url", image_url = new { url = "data:image/png;base64,AQID" } } } } },
        })).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task It_outlives_the_memory_of_its_node()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream);
        await gateway.AskAsync("chat/completions", Question(route, "0 degrees"));
        await gateway.StoredAsync(route);

        gateway.Host.Services.GetRequiredService<LikenessIndex>().Clear();
        gateway.Host.Services.GetRequiredService<ReplyMemory>().Clear();

        (await gateway.AskAsync("chat/completions", Question(route, "5 degrees"))).Cache.ShouldBe("semantic");
    }

    [Fact]
    public async Task Without_an_embedding_the_model_answers()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream);
        upstream.NextFault(OpenAiFault.Status(400));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "0 degrees"));

        (answer.Cache, answer.Content).ShouldBe(("miss", "about 0 degrees"));
    }

    [Fact]
    public void Products_of_vectors_of_any_length_are_right()
    {
        for (var length = 1; length < 70; length++)
        {
            float[] left = [.. Enumerable.Range(1, length).Select(i => (float)i)];
            float[] right = [.. Enumerable.Range(1, length).Select(i => (float)(i % 3))];
            Vectors.Product(left, right).ShouldBe(left.Zip(right).Sum(pair => pair.First * pair.Second));
            Vectors.Normalize(left).ShouldBeTrue();
            Vectors.Product(left, left).ShouldBe(1, 1e-5);
        }

        Vectors.Normalize(new float[8]).ShouldBeFalse();
    }
}
