using System.CommandLine;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail openapi</c>: write the API's description without database or port. The client's types are generated from it.</summary>
internal static class OpenApiCommand
{
    public static Command Command()
    {
        var output = new Option<FileInfo>("--output") { Description = "File to write.", Required = true };
        var command = new Command("openapi", "Write the OpenAPI document to a file.") { output };
        command.SetAction((parsed, cancel) => WriteAsync(parsed.GetValue(output)!, cancel));
        return command;
    }

    static async Task WriteAsync(FileInfo file, CancellationToken cancel)
        => await File.WriteAllBytesAsync(file.FullName, await DescribeAsync(cancel), cancel);

    /// <summary>The same bytes as <c>/openapi/v1.json</c>.</summary>
    internal static async Task<ReadOnlyMemory<byte>> DescribeAsync(CancellationToken cancel)
    {
        var data = Directory.CreateTempSubdirectory("jeantrail-openapi-");
        try
        {
            // Endpoints are known once the pipeline is built, which starting does; nothing that works in the background starts with it.
            await using var app = JeanTrailHost.Build(new HostSettings(data.FullName, Endpoint: null), NameNoDatabase, services =>
            {
                services.RemoveAll<IHostedService>();
                services.AddSingleton<IServer, NoServer>();
            });
            await app.StartAsync(cancel);
            var document = await app.Services.GetApiDocumentAsync(cancel);
            await app.StopAsync(cancel);
            return document;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>A pool for a database that is never reached: parts that only hold one can be made.</summary>
    static void NameNoDatabase(WebApplicationBuilder builder) => builder.Configuration["Database:ConnectionString"] = "Host=localhost";

    sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
