using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Testing.Simulators;

/// <summary>What a simulated vendor offers.</summary>
public sealed record VendorServerOptions
{
    /// <summary>The only key that is let in.</summary>
    public string ApiKey { get; init; } = "vendor-key-0123456789";

    /// <summary>Null for some of the vendor's own, of each generation.</summary>
    public IReadOnlyList<string>? Models { get; init; }
}

/// <summary>
/// What the simulators of vendors with an API of their own share: they record every request, check it as strictly as the vendor does, and
/// answer what they were told to, with the faults they were told to have.
/// </summary>
public abstract class VendorServer : IAsyncDisposable
{
    readonly WebApplication app = SimulatorApp.Create();
    readonly ConcurrentQueue<SimulatorRequest> requests = new();
    readonly ConcurrentQueue<VendorFault[]> nextFaults = new();
    readonly ConcurrentQueue<ScriptedAnswer> nextAnswers = new();
    readonly VendorWords words;
    int counter;

    private protected VendorServer(VendorServerOptions options, VendorWords words)
    {
        this.words = words;
        Options = options;
        // Names of models have dots, which make a path look like that of a file.
        app.MapFallback("{**path}", AnswerAsync);
    }

    /// <summary>With the version at its end, as people type it.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    public VendorServerOptions Options { get; }

    /// <summary>All requests so far, refused ones too, in the order of their arrival.</summary>
    public IReadOnlyCollection<SimulatorRequest> Requests => requests;

    /// <summary>The body of the last request.</summary>
    public JsonElement LastBody => requests.Last().Body;

    /// <summary>The next request gets this answer; several calls make a queue. Without one, the vendor repeats what the person said.</summary>
    public void NextAnswer(ScriptedAnswer answer) => nextAnswers.Enqueue(answer);

    /// <summary>The next request has all of these faults; several calls make a queue.</summary>
    public void NextFault(params VendorFault[] faults) => nextFaults.Enqueue(faults);

    public async ValueTask DisposeAsync()
    {
        await SimulatorApp.StopAsync(app);
        GC.SuppressFinalize(this);
    }

    private protected async Task StartAsync(string version) => BaseUrl = new Uri(await SimulatorApp.StartAsync(app) + version);

    /// <summary>Checks the request, throwing <see cref="VendorRefusal"/>, and answers it.</summary>
    private protected abstract Task AnswerAsync(VendorExchange exchange, bool readable);

    private protected ScriptedAnswer Answer(string lastUserText) => nextAnswers.TryDequeue(out var answer) ? answer : $"You said: {lastUserText}";

    async Task AnswerAsync(HttpContext context)
    {
        var (body, readable) = await SimulatorApp.ReadBodyAsync(context);
        var request = new SimulatorRequest(Interlocked.Increment(ref counter), context.Request.Method, context.Request.Path + context.Request.QueryString, SimulatorApp.Headers(context), body);
        requests.Enqueue(request);
        var exchange = new VendorExchange(context, request, nextFaults.TryDequeue(out var faults) ? faults : [], words);
        try
        {
            if (!await exchange.RefuseAsync())
                await AnswerAsync(exchange, readable);
            request.End(ResponseEnd.Completed);
        }
        catch (VendorRefusal refusal)
        {
            await exchange.WriteErrorAsync(refusal.Status, refusal.Type, refusal.Message);
            request.End(ResponseEnd.Completed);
        }
        catch (StreamOverException)
        {
            request.End(ResponseEnd.Completed);
        }
        catch (Exception failure) when (failure is IOException || context.RequestAborted.IsCancellationRequested)
        {
            request.End(ResponseEnd.ClientGone);
        }
        finally
        {
            request.End(ResponseEnd.Cut);
        }
    }
}
