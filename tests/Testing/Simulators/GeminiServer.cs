using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>
/// A server that speaks Google's Gemini API: generateContent, streamGenerateContent and batchEmbedContents. It refuses what the real one
/// refuses, in its words' shape, and streams as it does: whole responses as events, calls of functions never in fragments.
/// Source: Gemini API reference, Generating content and Embeddings; Thought signatures; Troubleshooting.
/// </summary>
public sealed class GeminiServer : VendorServer
{
    const string Prefix = "/v1beta/models/";

    static readonly string[] DefaultModels = ["gemini-2.0-flash", "gemini-2.5-flash", "gemini-2.5-pro", "gemini-3-pro-preview", "gemini-3.1-flash", "gemini-embedding-001"];

    GeminiServer(VendorServerOptions options)
        : base(options, new VendorWords(GeminiShapes.Error, GeminiShapes.ErrorEvent, "\r\n"))
    {
    }

    public IReadOnlyList<string> Models => Options.Models ?? DefaultModels;

    public static async Task<GeminiServer> StartAsync(VendorServerOptions? options = null)
    {
        var server = new GeminiServer(options ?? new VendorServerOptions());
        await server.StartAsync("/v1beta");
        return server;
    }

    private protected override async Task AnswerAsync(VendorExchange exchange, bool readable)
    {
        var request = exchange.Request;
        var path = request.Path.Split('?')[0];
        var colon = path.LastIndexOf(':');
        var lists = request.Method == "GET" && path == Prefix.TrimEnd('/');
        if (!lists && (request.Method != "POST" || !path.StartsWith(Prefix, StringComparison.Ordinal) || colon < 0))
            throw new VendorRefusal(404, "NOT_FOUND", "Requested entity was not found.");
        if (!request.Headers.TryGetValue("x-goog-api-key", out var key))
            throw new VendorRefusal(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.");
        if (key != Options.ApiKey)
            throw new VendorRefusal(400, GeminiShapes.WrongKey, "API key not valid. Please pass a valid API key.");
        if (lists)
        {
            await exchange.WriteJsonAsync(200, GeminiShapes.Models(Models.Take(int.Parse((string?)exchange.Query["pageSize"] ?? "50", System.Globalization.CultureInfo.InvariantCulture))));
            return;
        }

        if (!readable)
            throw new VendorRefusal(400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected token.");
        var (model, method) = (path[Prefix.Length..colon], path[(colon + 1)..]);
        if (!Models.Contains(model, StringComparer.Ordinal))
            throw new VendorRefusal(404, "NOT_FOUND", $"models/{model} is not found for API version v1beta, or is not supported for {method}. Call ListModels to see the list of available models and their supported methods.");
        switch (method)
        {
            case "generateContent":
                await exchange.WriteJsonAsync(200, GeminiShapes.Whole(request, model, Generate(request, model)));
                break;
            case "streamGenerateContent":
                await StreamAsync(exchange, model, Generate(request, model), exchange.Query["alt"] == "sse");
                break;
            case "batchEmbedContents":
                GeminiChecks.CheckEmbeddings(request.Body, model);
                await exchange.WriteJsonAsync(200, GeminiShapes.Embeddings(request.Body));
                break;
            default:
                throw new VendorRefusal(404, "NOT_FOUND", "Requested entity was not found.");
        }
    }

    ScriptedAnswer Generate(SimulatorRequest request, string model)
    {
        GeminiChecks.Check(request.Body, model);
        var config = request.Body.Get("generationConfig");
        return Answer(GeminiShapes.LastUserText(request.Body))
            .Limit((int?)config.Num("maxOutputTokens"), config.Get("stopSequences").Items().Select(stop => stop.GetString()!));
    }

    static async Task StreamAsync(VendorExchange exchange, string model, ScriptedAnswer answer, bool asEvents)
    {
        if (!asEvents)
        {
            // A JSON array that grows, which nobody who asks for events can read.
            await exchange.WriteJsonAsync(200, new JsonObject { ["0"] = GeminiShapes.Whole(exchange.Request, model, answer) });
            return;
        }

        exchange.BeginStream();
        var count = (int)(exchange.Request.Body.Get("generationConfig").Num("candidateCount") ?? 1);
        foreach (var part in GeminiShapes.Parts(answer, model, streamed: true))
        {
            for (var i = 0; i < count; i++)
                await exchange.WritePieceAsync(null, GeminiShapes.Response(exchange.Request, model, [GeminiShapes.Candidate(i, [part.DeepClone()], null)], answer, isLast: false));
        }

        await exchange.EndPiecesAsync();
        JsonArray last = answer.Filtered && answer.Pieces.Count == 0
            ? []
            : [.. Enumerable.Range(0, count).Select(i => GeminiShapes.Candidate(i, [new JsonObject { ["text"] = "" }], GeminiShapes.FinishReason(answer)))];
        await exchange.WriteEventAsync(null, GeminiShapes.Response(exchange.Request, model, last, answer, isLast: true));
    }
}
