using JeanTrail.Kernel.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace JeanTrail.Host;

/// <summary>
/// Serves the built client: hashed assets for ever, everything else revalidated, compressed copies that the client's build left beside
/// the files, and the page itself for every address that is not the API's.
/// </summary>
internal static class WebClient
{
    const string Page = "/index.html";

    static readonly (string Encoding, string Suffix)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>The folder of the built client, or null when it was not built (the API works without).</summary>
    public static string? FindRoot()
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (File.Exists(Path.Combine(published, "index.html")))
            return published;
        var home = Environment.GetEnvironmentVariable("JEAN_HOME");
        for (var folder = new DirectoryInfo(home is { Length: > 0 } ? home : AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "web", "dist", "index.html")))
                return Path.Combine(folder.FullName, "web", "dist");
        }

        return null;
    }

    public static void UseWebClient(this WebApplication app)
    {
        var files = app.Environment.WebRootFileProvider;
        var types = new FileExtensionContentTypeProvider { Mappings = { [".vrm"] = "model/gltf-binary", [".webmanifest"] = "application/manifest+json" } };
        app.Use(async (context, next) =>
        {
            var read = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            if (!read || KernelPaths.IsServer(context.Request.Path) || !files.GetFileInfo(Page).Exists)
            {
                await next(context);
                return;
            }

            var path = context.Request.Path.Value!;
            var file = files.GetFileInfo(path);
            if (!file.Exists || file.IsDirectory)
            {
                // A missing asset is missing; any other address belongs to the client's router.
                if (Path.HasExtension(path))
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return;
                }

                path = Page;
                file = files.GetFileInfo(path);
            }

            await SendAsync(context, files, types, path, file);
        });
    }

    static async Task SendAsync(HttpContext context, IFileProvider files, FileExtensionContentTypeProvider types, string path, IFileInfo file)
    {
        var headers = context.Response.GetTypedHeaders();
        context.Response.ContentType = types.TryGetContentType(path, out var type) ? type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type : "application/octet-stream";
        headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal)
            ? new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } }
            : new CacheControlHeaderValue { NoCache = true };
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;

        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        foreach (var (encoding, suffix) in Encodings)
        {
            if (!accepted.Any(each => each.Quality is null or > 0 && each.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase)))
                continue;
            var compressed = files.GetFileInfo(path + suffix);
            if (!compressed.Exists)
                continue;
            context.Response.Headers.ContentEncoding = encoding;
            file = compressed;
            break;
        }

        var tag = new EntityTagHeaderValue($"\"{file.LastModified.UtcTicks ^ file.Length:x}\"");
        headers.ETag = tag;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(each => each.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentLength = file.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.SendFileAsync(file, context.RequestAborted);
    }
}
