using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests.Control;

static class ControlExtensions
{
    /// <summary>A person besides the owner, signed in, with the owner's password.</summary>
    internal static async Task<(HttpClient Http, UserId Id)> AddPersonAsync(this TestHost host, string email, string role = "free")
    {
        const string Sql = """
            insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
            select @Id, @Email, @Email, 'Mia', @Role, password_hash, now() from accounts.user where role = 'owner'
            """;
        var id = Guid.CreateVersion7();
        await host.Db.ExecuteAsync(Sql, new { Id = id, Email = email, Role = role }, CancellationToken.None);
        return (await host.SignInAsync(email), new UserId(id));
    }

    /// <summary>A call that begins now, for the test to open and close in the books.</summary>
    internal static CallEntry NewCall(this GatewayHost gateway, UserId user, string route) => new()
    {
        Id = Ids.New(gateway.Clock),
        Consumer = new Consumer(user, "free", Guid.CreateVersion7()),
        Surface = Surface.ChatCompletions,
        Route = route,
        StartedAt = gateway.Clock.GetUtcNow(),
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        ModelId = "dock/crane",
    };

    internal static T Get<T>(this TestHost host)
        where T : notnull => host.Services.GetRequiredService<T>();
}

/// <summary>A host for one test alone.</summary>
sealed class GatewayHostScope(FakeClock? clock = null, Dictionary<string, string?>? settings = null) : GatewayHost(clock, settings), IAsyncDisposable
{
    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}
