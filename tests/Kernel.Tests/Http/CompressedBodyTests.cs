using System.IO.Compression;
using System.Net;
using System.Text;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Tests.Http;

/// <summary>Compressed bodies are unpacked where an address takes them, and never beyond its limits.</summary>
public sealed class CompressedBodyTests : IAsyncLifetime
{
    const int Limit = 8 * 1024 * 1024;

    EdgeApp app = null!;
    long reached;

    public async Task InitializeAsync() => app = await EdgeApp.StartAsync(built =>
    {
        built.MapPost("/api/packed", CountAsync).WithBodyLimit(Limit).AcceptGzip(built, "/api/packed", "Encodings");
        built.MapPost("/api/plain", CountAsync).WithBodyLimit(Limit);
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_body_is_unpacked()
    {
        var text = string.Join('\n', Enumerable.Range(0, 50_000).Select(line => $"line {line} of a long paste"));
        using var answer = await SendAsync("/api/packed", Packed(Encoding.UTF8.GetBytes(text)));
        (await answer.Content.ReadAsStringAsync()).ShouldBe($"{Encoding.UTF8.GetByteCount(text)}");
    }

    [Fact]
    public async Task A_body_of_several_files_is_refused()
    {
        using var answer = await SendAsync("/api/packed", [.. Packed(new byte[10]), .. Packed(new byte[20])]);
        await answer.ShouldBeProblemAsync(400, "kernel.not_gzip");
    }

    [Fact]
    public async Task A_body_of_nothing_is_nothing()
    {
        using var answer = await SendAsync("/api/packed", Convert.FromHexString("1F8B08000000000000030300" + "0000000000000000"));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("0");
        using var less = await SendAsync("/api/packed", []);
        await less.ShouldBeProblemAsync(400, "kernel.not_gzip");
    }

    [Fact]
    public async Task A_bomb_is_refused_long_before_it_is_unpacked()
    {
        // 7 MB within the limit of the address, in 7 kB.
        using var answer = await SendAsync("/api/packed", Packed(new byte[7 * 1024 * 1024]));
        await answer.ShouldBeProblemAsync(413, "kernel.unpacks_too_far");
        Interlocked.Read(ref reached).ShouldBeLessThan(2 * 1024 * 1024);
    }

    [Fact]
    public async Task What_unpacks_beyond_the_limit_of_the_address_is_refused()
    {
        var random = new Random(11);
        var words = new byte[Limit + 1];
        random.NextBytes(words);
        // Four bits of each byte are chance, so that it packs two to one.
        for (var i = 0; i < words.Length; i++)
            words[i] &= 15;
        var packed = Packed(words);
        packed.Length.ShouldBeLessThan(Limit);
        using var answer = await SendAsync("/api/packed", packed);
        await answer.ShouldBeProblemAsync(413, "kernel.too_large");
        Interlocked.Read(ref reached).ShouldBeLessThanOrEqualTo(Limit);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task A_body_that_is_cut_off_is_refused(double share)
    {
        var words = new byte[200_000];
        new Random(5).NextBytes(words);
        var packed = Packed(words);
        using var answer = await SendAsync("/api/packed", packed[..(int)(packed.Length * share)]);
        await answer.ShouldBeProblemAsync(400, "kernel.not_gzip");
    }

    [Fact]
    public async Task A_body_that_is_damaged_is_refused()
    {
        var packed = Packed(Encoding.UTF8.GetBytes("What was said in the harbour of the old town."));
        packed[^6] ^= 0x55;
        using var damaged = await SendAsync("/api/packed", packed);
        await damaged.ShouldBeProblemAsync(400, "kernel.not_gzip");
        using var plain = await SendAsync("/api/packed", Encoding.UTF8.GetBytes("not packed at all"));
        await plain.ShouldBeProblemAsync(400, "kernel.not_gzip");
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    [InlineData("deflate")]
    public async Task Other_ways_to_pack_are_refused(string encoding)
    {
        using var answer = await SendAsync("/api/packed", Packed(new byte[10]), encoding);
        await answer.ShouldBeProblemAsync(415, "kernel.unsupported_encoding");
        answer.Headers.GetValues("Accept-Encoding").ShouldBe(["gzip"]);
    }

    [Fact]
    public async Task An_address_that_does_not_unpack_says_so()
    {
        using var answer = await SendAsync("/api/plain", Packed(new byte[10]));
        await answer.ShouldBeProblemAsync(415, "kernel.unsupported_encoding");
    }

    [Fact]
    public async Task Browsers_are_told_which_addresses_unpack()
    {
        using var packed = await app.SendAsync(HttpMethod.Options, "/api/packed");
        packed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        packed.Headers.GetValues("Accept-Encoding").ShouldBe(["gzip"]);
        using var plain = await app.SendAsync(HttpMethod.Options, "/api/plain");
        plain.Headers.Contains("Accept-Encoding").ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_unpacked_for_strangers()
    {
        using var body = Body(Packed(new byte[10]), "gzip");
        using var answer = await app.Client.PostAsync(new Uri("/api/packed", UriKind.Relative), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Interlocked.Read(ref reached).ShouldBe(0);
    }

    async Task<IResult> CountAsync(HttpRequest request, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
            Interlocked.Add(ref reached, read);
        return TypedResults.Text($"{reached}");
    }

    Task<HttpResponseMessage> SendAsync(string path, byte[] body, string encoding = "gzip") => app.SendAsync(HttpMethod.Post, path, Body(body, encoding));

    static ByteArrayContent Body(byte[] body, string encoding)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }

    static byte[] Packed(byte[] plain)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
            gzip.Write(plain);
        return file.ToArray();
    }
}
