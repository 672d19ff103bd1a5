using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Bench;

/// <summary>A ChatGPT export of 50 MB is imported into an empty server, imported again, and exported: how long it takes and what the server's memory grows by.</summary>
internal static class TransferRun
{
    const double MostGrowthMb = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        var megabytes = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 50;
        var path = Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(path))
                await WriteAsync(file, megabytes * 1_000_000L);
            await using var server = await Server.StartAsync();
            await server.PostAsync("/api/chat/conversations", new { title = "Warm" });
            var before = server.MeasureMemory().Server;
            var first = await ImportAsync(server, path);
            Say("import", first);
            Say("the same again", await ImportAsync(server, path));
            var watch = Stopwatch.StartNew();
            var peak = 0.0;
            long bytes = 0;
            using (var response = await server.Client.GetAsync(new Uri("/api/chat/export?format=json&files=false", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
            {
                await using var stream = await response.Content.ReadAsStreamAsync();
                var buffer = new byte[1 << 20];
                for (int read; (read = await stream.ReadAsync(buffer)) > 0; bytes += read)
                    peak = Math.Max(peak, server.MeasureMemory().Server);
            }

            Console.WriteLine($"export          {watch.Elapsed.TotalSeconds,7:0.0} s  {bytes / 1e6,7:0.0} MB  peak {peak:0} MB");
            var growth = Math.Max(first.Peak, peak) - before;
            Console.WriteLine($"server before {before:0} MB, at most {growth:0} MB more");
            return Machine.Verdict($"{megabytes} MB in and out with less than {MostGrowthMb:0} MB more memory", growth < MostGrowthMb && first.Taken > 0);
        }
        finally
        {
            File.Delete(path);
        }

        static void Say(string what, Outcome outcome)
            => Console.WriteLine($"{what,-15} {outcome.Seconds,7:0.0} s  {outcome.Taken} conversations, {outcome.Messages} messages new  peak {outcome.Peak:0} MB");
    }

    static async Task<Outcome> ImportAsync(Server server, string path)
    {
        var watch = Stopwatch.StartNew();
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await server.Client.PostAsync(new Uri("/api/chat/imports?name=conversations.json", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var peak = 0.0;
        while (true)
        {
            peak = Math.Max(peak, server.MeasureMemory().Server);
            var import = await server.Client.GetFromJsonAsync<JsonElement>($"/api/chat/imports/{id}");
            var report = import.GetProperty("report");
            if (import.GetProperty("state").GetString() is not ("queued" or "running"))
                return new Outcome(watch.Elapsed.TotalSeconds, report.GetProperty("taken").GetInt32(), report.GetProperty("messages").GetInt32(), peak);
            await Task.Delay(50);
        }
    }

    static async Task WriteAsync(Stream file, long bytes)
    {
        var words = string.Join(' ', Enumerable.Range(0, 120).Select(i => $"word{i * 7919 % 1000}"));
        long written = 0;
        for (var i = 0; written < bytes; i++)
        {
            var mapping = Enumerable.Range(0, 20).ToDictionary(n => $"n{n}", n => (object)new
            {
                id = $"n{n}",
                parent = n == 0 ? null : $"n{n - 1}",
                message = new
                {
                    author = new { role = n % 2 == 0 ? "user" : "assistant" },
                    create_time = 1_767_323_046.0 + i + n,
                    content = new { content_type = "text", parts = new[] { $"{i} {n} {words}" } },
                    metadata = new { model_slug = "gpt-4o" },
                },
            });
            var piece = JsonSerializer.SerializeToUtf8Bytes(new { conversation_id = $"bench-{i}", title = $"Talk {i}", create_time = 1_767_323_045.0 + i, current_node = "n19", mapping });
            await file.WriteAsync(Encoding.UTF8.GetBytes(i == 0 ? "[" : ","));
            await file.WriteAsync(piece);
            written += piece.Length;
        }

        await file.WriteAsync("]"u8.ToArray());
    }

    sealed record Outcome(double Seconds, int Taken, int Messages, double Peak);
}
