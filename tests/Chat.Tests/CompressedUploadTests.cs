using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>Files and imports may come compressed; they are kept as they were before.</summary>
public sealed class CompressedUploadTests(ChatFixture fixture) : IClassFixture<ChatFixture>
{
    readonly ChatHost chat = fixture.Chat;

    [Fact]
    public async Task A_long_paste_that_comes_compressed_is_kept_as_it_was()
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 20_000).Select(line => $"{line}: what the tide brought")));
        using var sent = await SendAsync("/api/chat/attachments?name=paste.txt", Packed(text));
        sent.StatusCode.ShouldBe(HttpStatusCode.Created, await sent.Content.ReadAsStringAsync());
        var file = await sent.Content.ReadFromJsonAsync<JsonElement>();
        file.GetProperty("sizeBytes").GetInt64().ShouldBe(text.Length);
        file.GetProperty("mediaType").GetString().ShouldBe("text/plain");
        (await chat.Client.GetByteArrayAsync(new Uri($"/api/chat/attachments/{file.GetProperty("id").GetGuid()}", UriKind.Relative))).ShouldBe(text);
    }

    [Fact]
    public async Task An_import_that_comes_compressed_is_read()
    {
        using var person = await chat.Host.PersonAsync();
        var file = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 50).Select(talk => ExportSamples.Line($"talk {talk}", "one", "two")[1..^1]))}]");
        using var begun = await SendAsync("/api/chat/imports?name=conversations.json", Packed(file), person);
        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted, await begun.Content.ReadAsStringAsync());
        var import = await begun.Content.ReadFromJsonAsync<JsonElement>();
        import.GetProperty("sizeBytes").GetInt64().ShouldBe(file.Length);
        (await person.EndOfImportAsync(import.GetProperty("id").GetGuid())).Count("taken").ShouldBe(50);
    }

    [Theory]
    [InlineData("/api/chat/attachments?name=bomb.txt")]
    [InlineData("/api/chat/imports?name=bomb.json")]
    public async Task A_bomb_is_refused_and_nothing_is_kept_of_it(string path)
    {
        using var person = await chat.Host.PersonAsync();
        using var sent = await SendAsync(path, Packed(new byte[20_000_000]), person);
        sent.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await sent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("kernel.unpacks_too_far");
        (await person.GetFromJsonAsync<JsonElement>("/api/chat/imports")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_unpacks_to_more_than_may_be_attached_is_refused()
    {
        // Within what may be sent, and one byte more than may be kept when unpacked.
        var large = new byte[50_000_001];
        new Random(3).NextBytes(large.AsSpan(0, 1_000_000));
        using var sent = await SendAsync("/api/chat/attachments?name=long.txt", Packed(large));
        sent.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await sent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("kernel.blob_too_large");
    }

    [Theory]
    [InlineData("/api/chat/attachments")]
    [InlineData("/api/chat/imports")]
    public async Task The_addresses_say_that_they_unpack(string path)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Options, path);
        using var told = await chat.Client.SendAsync(ask);
        told.Headers.GetValues("Accept-Encoding").ShouldBe(["gzip"]);
    }

    async Task<HttpResponseMessage> SendAsync(string path, byte[] body, HttpClient? client = null)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentEncoding = { "gzip" } } };
        return await (client ?? chat.Client).PostAsync(new Uri(path, UriKind.Relative), content);
    }

    static byte[] Packed(byte[] plain)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
            gzip.Write(plain);
        return file.ToArray();
    }
}
