using System.CommandLine;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail openapi</c>: write the API's description without starting anything. The client's types are generated from it.</summary>
internal static class OpenApiCommand
{
    public static Command Command()
    {
        var output = new Option<FileInfo>("--output") { Description = "File to write.", Required = true };
        var command = new Command("openapi", "Write the OpenAPI document to a file.") { output };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var app = JeanTrailHost.Build(new HostSettings(Path.Combine(Path.GetTempPath(), "jeantrail-openapi"), Url: null));
            var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync(cancel);
            var file = parsed.GetValue(output)!;
            await File.WriteAllTextAsync(file.FullName, await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel), cancel);
        });
        return command;
    }
}
