using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Testing.Simulators;

/// <summary>What a simulator offers.</summary>
public sealed record OpenAiServerOptions
{
    /// <summary>The only key that is let in; null lets everybody in, as local servers do.</summary>
    public string? ApiKey { get; init; }

    public IReadOnlyList<string> Models { get; init; } = ["sim-small", "sim-large"];

    /// <summary>A request to embed a longer text is refused, as that of a text that exceeds the model's context is.</summary>
    public int LongestEmbedded { get; init; } = int.MaxValue;
}

/// <summary>
/// A server that speaks the OpenAI HTTP protocol on a free loopback port: models, chat completions streamed or whole, and embeddings. It answers
/// what it was told to, at the speed it was told to, with the faults it was told to have. Cheap enough to feed hundreds of streams.
/// Source: the OpenAI API reference for <c>/v1/models</c>, <c>/v1/chat/completions</c>, <c>/v1/embeddings</c> and <c>/v1/audio/transcriptions</c>.
/// </summary>
public sealed class OpenAiServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly OpenAiServerOptions options;
    readonly ConcurrentQueue<OpenAiRequest> requests = new();
    readonly ConcurrentQueue<(string Model, byte[] File)> recordings = new();
    readonly ConcurrentQueue<OpenAiFault[]> nextFaults = new();
    readonly ConcurrentQueue<ScriptedReply> nextReplies = new();
    readonly ConcurrentQueue<ScriptedAnswer> nextAnswers = new();
    volatile ScriptedReply reply = new(request => $"You said: {request.LastUserText}", 0);
    volatile Func<string, float[]> vectors = text => [text.Length, 1];
    int counter;

    OpenAiServer(OpenAiServerOptions options)
    {
        this.options = options;
        app = SimulatorApp.Create();
        app.MapGet("/v1/models", context => AnswerAsync(context, (response, _) => response.WriteJsonAsync(200, OpenAiShapes.Models(options.Models))));
        app.MapPost("/v1/chat/completions", context => AnswerAsync(context, CompleteAsync));
        app.MapPost("/v1/embeddings", context => AnswerAsync(context, EmbedAsync));
        app.MapPost("/v1/audio/transcriptions", HearAsync);
        app.MapFallback(context => AnswerAsync(context, (response, request)
            => response.WriteJsonAsync(404, OpenAiShapes.Error($"Unknown request URL: {request.Method} {request.Path}.", "invalid_request_error", code: "unknown_url"))));
    }

    /// <summary>With <c>/v1</c> at its end, as people type it.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>All requests so far, refused ones too, in the order of their arrival.</summary>
    public IReadOnlyCollection<OpenAiRequest> Requests => requests;

    /// <summary>What it was sent to write down.</summary>
    public IReadOnlyCollection<(string Model, byte[] File)> Recordings => recordings;

    /// <summary>What it hears in every recording.</summary>
    public string Hears { get; set; } = "";

    public static async Task<OpenAiServer> StartAsync(OpenAiServerOptions? options = null)
    {
        var server = new OpenAiServer(options ?? new OpenAiServerOptions());
        server.BaseUrl = new Uri(await SimulatorApp.StartAsync(server.app) + "/v1");
        return server;
    }

    /// <summary>From now on everybody gets this text.</summary>
    /// <param name="tokensPerSecond">0 sends as fast as it can.</param>
    public OpenAiServer Reply(string text, double tokensPerSecond = 0) => Reply(_ => text, tokensPerSecond);

    /// <summary>From now on everybody gets what this makes of their request.</summary>
    public OpenAiServer Reply(Func<OpenAiRequest, string> text, double tokensPerSecond = 0)
    {
        reply = new ScriptedReply(text, tokensPerSecond);
        return this;
    }

    /// <summary>From now on texts have these embeddings.</summary>
    public OpenAiServer Embed(Func<string, float[]> embedding)
    {
        vectors = embedding;
        return this;
    }

    /// <summary>The next completion gets this text; several calls make a queue.</summary>
    public OpenAiServer NextReply(string text, double tokensPerSecond = 0)
    {
        nextReplies.Enqueue(new ScriptedReply(_ => text, tokensPerSecond));
        return this;
    }

    /// <summary>The next completion gets this answer, which may hold more than text; several calls make a queue, served before any other.</summary>
    public OpenAiServer NextAnswer(ScriptedAnswer answer)
    {
        nextAnswers.Enqueue(answer);
        return this;
    }

    /// <summary>The next request (of any kind) has all of these faults; several calls make a queue.</summary>
    public OpenAiServer NextFault(params OpenAiFault[] faults)
    {
        nextFaults.Enqueue(faults);
        return this;
    }

    /// <summary>The next stream stops after this many tokens until the gate is opened.</summary>
    public StreamGate HoldNextAfter(int tokens)
    {
        var gate = new StreamGate();
        NextFault(OpenAiFault.StallAfter(tokens, gate));
        return gate;
    }

    /// <summary>Waits for the request with this number, counted from 1.</summary>
    public async Task<OpenAiRequest> RequestAsync(int number)
    {
        await Eventually.BeTrueAsync(() => requests.Count >= number, $"request {number} to the simulator");
        return requests.ElementAt(number - 1);
    }

    public async ValueTask DisposeAsync() => await SimulatorApp.StopAsync(app);

    Task EmbedAsync(OpenAiResponse response, OpenAiRequest request)
        => OpenAiShapes.EmbeddedTexts(request).Any(text => text.Length > options.LongestEmbedded)
            ? response.WriteJsonAsync(400, OpenAiShapes.Error("This model's maximum context length is 8192 tokens.", "invalid_request_error"))
            : response.WriteJsonAsync(200, OpenAiShapes.Embeddings(request, vectors));

    async Task HearAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        using var file = new MemoryStream();
        if (form.Files["file"] is { } sent)
            await sent.CopyToAsync(file, context.RequestAborted);
        recordings.Enqueue((form["model"].ToString(), file.ToArray()));
        context.Response.StatusCode = file.Length > 0 && options.Models.Contains(form["model"].ToString(), StringComparer.Ordinal) ? 200 : 400;
        await context.Response.WriteAsJsonAsync<object>(
            context.Response.StatusCode == 200 ? new { text = Hears } : OpenAiShapes.Error("Invalid file or model.", "invalid_request_error"), context.RequestAborted);
    }

    async Task AnswerAsync(HttpContext context, Func<OpenAiResponse, OpenAiRequest, Task> answer)
    {
        var (request, readable) = await ReadAsync(context);
        requests.Enqueue(request);
        var response = new OpenAiResponse(context, request, nextFaults.TryDequeue(out var faults) ? faults : []);
        try
        {
            if (await response.RefuseAsync())
                return;
            if (options.ApiKey is not null && context.Request.Headers.Authorization != $"Bearer {options.ApiKey}")
                await response.WriteJsonAsync(401, OpenAiShapes.Error("Incorrect API key provided.", "invalid_request_error", code: "invalid_api_key"));
            else if (!readable)
                await response.WriteJsonAsync(400, OpenAiShapes.Error("We could not parse the JSON body of your request.", "invalid_request_error"));
            else
                await answer(response, request);
            request.End(ResponseEnd.Completed);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            request.End(ResponseEnd.ClientGone);
        }
        catch (IOException)
        {
            request.End(ResponseEnd.ClientGone);
        }
        finally
        {
            request.End(ResponseEnd.Cut);
        }
    }

    async Task CompleteAsync(OpenAiResponse response, OpenAiRequest request)
    {
        if (request.Model is null)
        {
            await response.WriteJsonAsync(400, OpenAiShapes.Error("You must provide a model parameter.", "invalid_request_error", "model"));
        }
        else if (!options.Models.Contains(request.Model, StringComparer.Ordinal))
        {
            await response.WriteJsonAsync(404, OpenAiShapes.Error($"The model `{request.Model}` does not exist or you do not have access to it.", "invalid_request_error", code: "model_not_found"));
        }
        else if (request.Messages.Count == 0)
        {
            await response.WriteJsonAsync(400, OpenAiShapes.Error("Invalid 'messages': empty array. Expected an array with minimum length 1.", "invalid_request_error", "messages"));
        }
        else if (nextAnswers.TryDequeue(out var answer))
        {
            await new OpenAiAnswer(response, request, answer.Limit(request.MaxTokens, request.Stops)).WriteAsync();
        }
        else
        {
            var script = nextReplies.TryDequeue(out var next) ? next : reply;
            var tokens = OpenAiShapes.Tokens(script.Text(request));
            var finish = "stop";
            if (request.MaxTokens < tokens.Count)
                (tokens, finish) = ([.. tokens.Take(request.MaxTokens.Value)], "length");
            if (request.Stream)
                await response.StreamAsync(tokens, finish, script.TokensPerSecond);
            else
                await response.WriteWholeAsync(tokens, finish, script.TokensPerSecond);
        }
    }

    async Task<(OpenAiRequest Request, bool Readable)> ReadAsync(HttpContext context)
    {
        var (body, readable) = await SimulatorApp.ReadBodyAsync(context);
        return (new OpenAiRequest(Interlocked.Increment(ref counter), context.Request.Method, context.Request.Path, SimulatorApp.Headers(context), body), readable);
    }

    sealed record ScriptedReply(Func<OpenAiRequest, string> Text, double TokensPerSecond);
}
