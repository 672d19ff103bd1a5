using JeanTrail.Testing;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>What two server processes share: the database, and the key that it is sealed with. Dispose it after them.</summary>
internal sealed class TwoServers : IAsyncDisposable
{
    readonly DataFolder one = new();
    readonly DataFolder two = new();
    readonly Dictionary<string, string> settings;

    TwoServers(TestDatabase database, IEnumerable<(string Name, string Value)> more)
    {
        Database = database;
        settings = new(StringComparer.Ordinal)
        {
            ["JEAN_Database__ConnectionString"] = database.ConnectionString,
            ["JEAN_Secrets__MasterKeyFile"] = Path.Combine(one.Path, "shared.key"),
            ["JEAN_Gateway__Discovery"] = "false",
        };
        foreach (var (name, value) in more)
            settings[name] = value;
    }

    public TestDatabase Database { get; }

    public static async Task<TwoServers> CreateAsync(params (string Name, string Value)[] settings) => new(await TestDatabase.CreateEmptyAsync(), settings);

    public Task<JeanTrailProcess> StartFirstAsync() => JeanTrailProcess.StartAsync(one.Path, settings: settings);

    public Task<JeanTrailProcess> StartSecondAsync() => JeanTrailProcess.StartAsync(two.Path, settings: settings);

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        two.Dispose();
        await Database.DisposeAsync();
    }
}
