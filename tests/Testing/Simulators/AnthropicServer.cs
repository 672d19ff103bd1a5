using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>
/// A server that speaks Anthropic's Messages API. It refuses what the real one refuses, in its words' shape, and streams as it does: named
/// events, pings, thinking with its signature, the input of tools in fragments.
/// Source: Anthropic API reference, Messages, Streaming messages and Errors; Migration guide for what each generation of models refuses.
/// </summary>
public sealed class AnthropicServer : VendorServer
{
    static readonly string[] DefaultModels = ["claude-3-5-haiku-20241022", "claude-sonnet-4-20250514", "claude-sonnet-4-5", "claude-sonnet-4-6", "claude-opus-4-7", "claude-fable-5"];

    readonly AnthropicThinkingProofs proofs = new();

    AnthropicServer(VendorServerOptions options)
        : base(options, new VendorWords(AnthropicShapes.Error, AnthropicShapes.ErrorEvent, "\n"))
    {
    }

    public IReadOnlyList<string> Models => Options.Models ?? DefaultModels;

    public static async Task<AnthropicServer> StartAsync(VendorServerOptions? options = null)
    {
        var server = new AnthropicServer(options ?? new VendorServerOptions());
        await server.StartAsync("/v1");
        return server;
    }

    private protected override async Task AnswerAsync(VendorExchange exchange, bool readable)
    {
        var request = exchange.Request;
        var lists = request.Method == "GET" && request.Path.Split('?')[0] == "/v1/models";
        if (!lists && (request.Method != "POST" || request.Path != "/v1/messages"))
            throw new VendorRefusal(404, null, "Not Found");
        if (!request.Headers.TryGetValue("x-api-key", out var key) || key != Options.ApiKey)
            throw new VendorRefusal(401, null, key is null ? "x-api-key header is required" : "invalid x-api-key");
        if (!request.Headers.TryGetValue("anthropic-version", out var version) || version != "2023-06-01")
            throw new VendorRefusal(400, null, "anthropic-version: header is required");
        if (lists)
        {
            await exchange.WriteJsonAsync(200, AnthropicShapes.Models(Models.Take(int.Parse((string?)exchange.Query["limit"] ?? "20", System.Globalization.CultureInfo.InvariantCulture))));
            return;
        }

        if (!readable)
            throw new VendorRefusal(400, null, "The request body is not valid JSON");
        AnthropicChecks.Check(request.Body, Models, proofs);
        var answer = Answer(AnthropicShapes.LastUserText(request.Body));
        answer = answer.Limit((int)request.Body.Num("max_tokens")!.Value, request.Body.Get("stop_sequences").Items().Select(stop => stop.GetString()!));
        if (request.Body.Get("stream").ValueKind == System.Text.Json.JsonValueKind.True)
            await StreamAsync(exchange, answer);
        else
            await exchange.WriteJsonAsync(200, AnthropicShapes.Whole(request, answer, proofs));
    }

    async Task StreamAsync(VendorExchange exchange, ScriptedAnswer answer)
    {
        exchange.BeginStream();
        await exchange.WriteEventAsync("message_start", AnthropicShapes.Start(exchange.Request, answer));
        var index = 0;
        var pinged = false;
        foreach (var (block, deltas) in AnthropicShapes.Blocks(answer, proofs))
        {
            await exchange.WriteEventAsync("content_block_start", new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block });
            if (!pinged)
                await exchange.WriteEventAsync("ping", new JsonObject { ["type"] = "ping" });
            pinged = true;
            foreach (var delta in deltas)
                await exchange.WritePieceAsync("content_block_delta", new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta });
            await exchange.WriteEventAsync("content_block_stop", new JsonObject { ["type"] = "content_block_stop", ["index"] = index });
            index++;
        }

        await exchange.EndPiecesAsync();
        await exchange.WriteEventAsync("message_delta", AnthropicShapes.Delta(answer));
        await exchange.WriteEventAsync("message_stop", new JsonObject { ["type"] = "message_stop" });
    }
}

/// <summary>Signs what the model thought, and knows its own signatures again.</summary>
internal sealed class AnthropicThinkingProofs
{
    internal string Sign(string thinking)
        => "EqoB" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("simulator" + thinking)));

    internal bool Holds(string? thinking, string? signature) => thinking is not null && signature == Sign(thinking);
}
