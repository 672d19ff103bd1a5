using System.Net;
using System.Text.Json;

namespace JeanTrail.Accounts.Tests;

/// <summary>The owner, keys of theirs, and programs that bring them.</summary>
public abstract class ApiKeyTest(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    protected static readonly object Preferences = new { theme = "dark", density = "compact", speakReplies = true, speechRate = 1.0, showAvatar = true, skillsFirst = true };

    protected AccountsApp App { get; private set; } = null!;

    protected Browser Owner { get; set; } = null!;

    protected OwnedServer Server => server;

    public async Task InitializeAsync() => (App, Owner) = await server.BeginAsync();

    public Task DisposeAsync()
    {
        Owner.Dispose();
        GC.SuppressFinalize(this);
        return Task.CompletedTask;
    }

    private protected ApiProgram Program(string? secret) => new(App.Address, secret);

    protected static Task<(Guid Id, string Secret)> NewKeyAsync(Browser person, params string[] scopes) => NewKeyAsync(person, new { name = "Test", scopes });

    protected static async Task<(Guid Id, string Secret)> NewKeyAsync(Browser person, object request)
    {
        var made = await person.PostAsync("api-keys", request);
        made.Status.ShouldBe(HttpStatusCode.Created, made.Json.ToString());
        return (made["key"].GetProperty("id").GetGuid(), made["secret"].GetString()!);
    }

    protected async Task<string[]> AllScopesAsync() => [.. (await Owner.GetAsync("api-keys"))["scopes"].EnumerateArray().Select(scope => scope.GetProperty("name").GetString()!)];

    protected async Task<Dictionary<string, JsonElement>> KeyAsync()
        => (await Owner.GetAsync("api-keys"))["keys"][0].EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    protected async Task<Browser> SignInAgainAsync()
    {
        Owner.Dispose();
        Owner = App.NewBrowser();
        (await Owner.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);
        return Owner;
    }

    protected async Task<IReadOnlyList<string>> ActsAsync(Guid id)
        => await App.Db.QueryAsync<string>("select act from kernel.audit where @Id = any(subjects) order by position", new { Id = id }, default);
}
