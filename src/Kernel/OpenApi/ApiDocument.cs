using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>The document and the page made from it: built on the first request, the same bytes ever after.</summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider) : IDisposable
{
    internal const string Name = "v1";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly SemaphoreSlim one = new(1, 1);
    Built? built;

    internal sealed record Built(byte[] Json, byte[] Page);

    internal async Task<Built> GetAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref built) is { } ready)
            return ready;
        await one.WaitAsync(cancel);
        try
        {
            return built ??= await BuildAsync();
        }
        finally
        {
            one.Release();
        }
    }

    async Task<Built> BuildAsync()
    {
        // Not the request's token: the document is for everybody who comes after.
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var arranged = DocumentOrder.Arrange((JsonObject)JsonNode.Parse(text)!);
        return new Built(JsonSerializer.SerializeToUtf8Bytes(arranged, Indented), ReferencePage.Render(arranged));
    }

    public void Dispose() => one.Dispose();
}
