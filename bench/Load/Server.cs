using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Bench;

/// <summary>The built server on an empty data folder, with its owner signed in.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>One person makes all the load here, more than any person may.</summary>
    static readonly Dictionary<string, string> Unlimited = new()
    {
        ["JEAN_Edge__RequestsPerSecond"] = "1000000",
        ["JEAN_Edge__RequestBurst"] = "1000000",
        // What is measured is the answers, not what is asked about them afterwards.
        ["JEAN_Chat__LabelByModel"] = "false",
    };

    readonly JeanTrailProcess process;

    Server(JeanTrailProcess process)
    {
        this.process = process;
        var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 2_000 };
        Client = new HttpClient(handler) { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Client { get; }

    public int Port => process.Port;

    public int ProcessId => process.ProcessId;

    public string Data => process.Data;

    /// <param name="environment">Besides our own, for its process.</param>
    public static async Task<Server> StartAsync(Dictionary<string, string>? environment = null)
    {
        var server = new Server(await JeanTrailProcess.StartAsync(JeanTrailProcess.NewDataFolder(), settings: Unlimited.Concat(environment ?? []).ToDictionary()));
        var session = await server.PostAsync("/api/accounts/setup", new
        {
            code = await server.process.SetupCodeAsync(),
            email = "owner@example.org",
            displayName = "Owner",
            password = "correct horse battery staple",
            locale = "en",
        });
        server.Client.DefaultRequestHeaders.Add("X-CSRF-Token", session.GetProperty("csrfToken").GetString());
        return server;
    }

    /// <summary>Connects an OpenAI-compatible upstream and returns the id of its model.</summary>
    public async Task<string> ConnectAsync(Uri upstream, string model)
    {
        var provider = await PostAsync("/api/gateway/providers", new { name = "Upstream", baseUrl = new Uri(upstream, "/v1").ToString(), apiKey = "key" });
        return $"{provider.GetProperty("slug").GetString()}/{model}";
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await Client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text.Length > 0 ? text : "null").RootElement
            : throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {text}");
    }

    public async Task<Guid> NewConversationAsync() => (await PostAsync("/api/chat/conversations", new { })).GetProperty("id").GetGuid();

    /// <summary>The server and its PostgreSQL.</summary>
    public IReadOnlyList<int> Processes() => [process.ProcessId, .. Process.GetProcessesByName("postgres").Where(each => Memory.BelongsTo(each.Id, process.Data)).Select(each => each.Id)];

    public Memory MeasureMemory() => Memory.Of(process);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await process.DisposeAsync();
        Directory.Delete(process.Data, recursive: true);
    }
}

/// <summary>Megabytes: the server's resident set, and its PostgreSQL's processes with shared pages counted once.</summary>
internal readonly record struct Memory(double Server, double Postgres)
{
    public static Memory Of(JeanTrailProcess server)
    {
        var postgres = Process.GetProcessesByName("postgres").Where(each => BelongsTo(each.Id, server.Data)).Sum(each => Read(each.Id, "smaps_rollup", "Pss:"));
        return new Memory(Read(server.ProcessId, "status", "VmRSS:") / 1024, postgres / 1024);
    }

    /// <summary>The postmaster names its folder on its command line; its children name their parent.</summary>
    internal static bool BelongsTo(int id, string data) => CommandLine(id).Contains(data, StringComparison.Ordinal) || CommandLine((int)Read(id, "status", "PPid:")).Contains(data, StringComparison.Ordinal);

    static string CommandLine(int id) => File.Exists($"/proc/{id}/cmdline") ? File.ReadAllText($"/proc/{id}/cmdline") : "";

    static double Read(int id, string file, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/{file}").FirstOrDefault(each => each.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It ended while we looked.
        }
    }
}
