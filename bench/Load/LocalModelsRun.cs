using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using JeanTrail.Testing.Gguf;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Bench;

/// <summary>A model on this machine through the whole path (HTTP, Gateway, socket, worker) beside the engine called directly, turn about in one run.</summary>
internal static class LocalModelsRun
{
    const int ContextTokens = 2048;
    const double WantedShare = 0.97;

    static readonly string Home = Environment.GetEnvironmentVariable("JEAN_HOME") ?? Directory.GetCurrentDirectory();

    readonly record struct Answer(double FirstMs, int Tokens, double Ms)
    {
        internal double TokensPerSecond => (Tokens - 1) / Math.Max(Ms - FirstMs, 0.001) * 1000;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var small = args.Contains("--small", StringComparer.Ordinal);
        var rounds = Number(args, "--rounds", 6);
        var tokens = Number(args, "--tokens", 64);
        var threads = Number(args, "--threads", Environment.ProcessorCount);
        var folder = Directory.CreateTempSubdirectory("jean-bench-models-").FullName;
        try
        {
            var model = small ? new TinyModel() : TinyModel.Qwen06;
            var path = Path.Combine(folder, "bench.gguf");
            model.Write(path);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"model: {(small ? "tiny" : "shaped like Qwen3-0.6B, Q8_0")}, {new FileInfo(path).Length / 1e6:0} MB, random weights; {threads} threads"));
            await StartsAsync(folder);

            await using var server = await Server.StartAsync(new()
            {
                ["JEAN_Models__PullFromPrivateNetworks"] = "true",
                ["JEAN_Models__KeepFreeBytes"] = "0",
                ["JEAN_Models__Threads"] = threads.ToString(CultureInfo.InvariantCulture),
                ["JEAN_Models__GpuLayers"] = "0",
                ["JEAN_Models__ContextTokens"] = ContextTokens.ToString(CultureInfo.InvariantCulture),
            });
            await PullAsync(server, path);
            return await CompareAsync(server, path, rounds, tokens, threads) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>From the start of the process to its hello.</summary>
    static async Task StartsAsync(string folder)
    {
        var tiny = Path.Combine(folder, "tiny.gguf");
        new TinyModel().Write(tiny);
        var seen = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var address = Path.Combine(folder, $"w{i}");
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(address));
            listener.Listen(1);
            var start = new ProcessStartInfo("node", [Path.Combine(Home, "workers", "local-models", "dist", "main.js"), $$"""{"path":"{{tiny}}","gpu":false,"threads":1}"""]) { RedirectStandardInput = true, UseShellExecute = false };
            start.Environment["JEAN_WORKER_ADDRESS"] = address;
            var began = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            using var connection = await listener.AcceptAsync();
            await connection.ReceiveAsync(new byte[1]);
            seen.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            process.Kill();
            await process.WaitForExitAsync();
        }

        Console.WriteLine(Machine.Row("worker: start to hello", [.. seen]));
    }

    /// <summary>Through the server, and by hand with the same hashing; meanwhile the server is asked for other things.</summary>
    static async Task PullAsync(Server server, string path)
    {
        await using var files = await ModelFileServer.StartAsync();
        files.Offer("bench.gguf", await File.ReadAllBytesAsync(path));
        using var bare = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var began = Stopwatch.GetTimestamp();
        await using (var body = await bare.GetStreamAsync(new Uri(files.Direct("bench.gguf"))))
        await using (var target = new FileStream(path + ".copy", FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
            var buffer = new byte[256 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read));
            }
        }

        var byHand = Stopwatch.GetElapsedTime(began);
        File.Delete(path + ".copy");
        began = Stopwatch.GetTimestamp();
        await server.PostAsync("/api/models/pulls", new { source = files.Hub("bench.gguf"), name = "bench", acceptLicence = true });
        var asked = new List<double>();
        while ((await server.Client.GetFromJsonAsync<JsonElement>("/api/models/pulls")).GetProperty("items")[0].GetProperty("state").GetString() is "waiting" or "running")
        {
            var since = Stopwatch.GetTimestamp();
            await server.Client.GetAsync("/api/system");
            asked.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        var pulled = Stopwatch.GetElapsedTime(began);
        var size = new FileInfo(path).Length / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pull                         {size / pulled.TotalSeconds:0} MB/s; by hand {size / byHand.TotalSeconds:0} MB/s"));
        Console.WriteLine(Machine.Row("server while it pulls", [.. asked]));
    }

    static async Task<bool> CompareAsync(Server server, string path, int rounds, int tokens, int threads)
    {
        var key = (await server.PostAsync("/api/gateway/keys", new { name = "bench", surfaces = new[] { "*" }, models = new[] { "*" } })).GetProperty("secret").GetString()!;
        string[] arguments = [Path.Combine(Home, "bench", "local-models", "direct.mjs"), Home, path, $"{threads}", $"{ContextTokens}"];
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var direct = Process.Start(start)!;
        try
        {
            await direct.StandardOutput.ReadLineAsync();
            await AskDirectAsync(direct, "warm up", 4);
            await AskAsync(server, key, "warm up", 4);
            var (ours, theirs) = (new List<Answer>(), new List<Answer>());
            for (var round = 0; round < rounds; round++)
            {
                var prompt = $"{round}: The harbour is quiet this morning, and the boats are waiting for the wind. What can I do for you today?";
                theirs.Add(await AskDirectAsync(direct, prompt, tokens));
                ours.Add(await AskAsync(server, key, prompt, tokens));
            }

            Console.WriteLine(Machine.Row("first token: direct", [.. theirs.Select(each => each.FirstMs)]));
            Console.WriteLine(Machine.Row("first token: our path", [.. ours.Select(each => each.FirstMs)]));
            var share = Machine.Quantile(ours.Select(each => each.TokensPerSecond), .5) / Machine.Quantile(theirs.Select(each => each.TokensPerSecond), .5);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"tokens/s                     direct {Machine.Quantile(theirs.Select(each => each.TokensPerSecond), .5):0.0}, our path {Machine.Quantile(ours.Select(each => each.TokensPerSecond), .5):0.0}: {share:0.0 %} (wanted {WantedShare:0 %})"));
            direct.Kill();
            await direct.WaitForExitAsync();
            await BatchAsync(server, key, tokens / 2);
            var worker = (await server.Client.GetFromJsonAsync<JsonElement>("/api/models/")).GetProperty("items")[0].GetProperty("memoryBytes").GetDouble() / 1e6;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory                       server {server.MeasureMemory().Server:0} MB, worker {worker:0} MB"));
            return share >= WantedShare;
        }
        finally
        {
            if (!direct.HasExited)
                direct.Kill();
        }
    }

    static async Task BatchAsync(Server server, string key, int tokens)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 8; i++)
            await AskAsync(server, key, $"One by one {i}", tokens);
        var alone = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(server, key, $"Together {i}", tokens)));
        var together = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"8 conversations              one by one {8 * tokens / alone.TotalSeconds:0.0} tokens/s, four at a time in shared batches {8 * tokens / together.TotalSeconds:0.0} tokens/s: × {alone / together:0.00}"));
    }

    static async Task<Answer> AskDirectAsync(Process direct, string prompt, int tokens)
    {
        await direct.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { prompt, maxTokens = tokens, seed = 1 }));
        var answer = JsonElement.Parse((await direct.StandardOutput.ReadLineAsync())!);
        return new Answer(answer.GetProperty("firstMs").GetDouble(), answer.GetProperty("tokens").GetInt32(), answer.GetProperty("ms").GetDouble());
    }

    static async Task<Answer> AskAsync(Server server, string key, string prompt, int tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = "local/bench",
                stream = true,
                stream_options = new { include_usage = true },
                max_tokens = tokens,
                seed = 1,
                messages = new[] { new { role = "user", content = prompt } },
            }),
        };
        request.Headers.Authorization = new("Bearer", key);
        var began = Stopwatch.GetTimestamp();
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var (first, count) = (0.0, 0);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data == "[DONE]")
                break;
            var chunk = JsonElement.Parse(item.Data);
            if (first == 0 && item.Data.Contains("\"content\"", StringComparison.Ordinal))
                first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (chunk.TryGetProperty("usage", out var usage))
                count = usage.GetProperty("completion_tokens").GetInt32();
        }

        return new Answer(first, count, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    static int Number(string[] args, string name, int otherwise)
        => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}
