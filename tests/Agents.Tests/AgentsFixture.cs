using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Agents.Tests;

/// <summary>The skills as the host composes them, on a database of their own and a clock that stands at noon of Friday, 20 November 2026.</summary>
public sealed class AgentsFixture() : DatabaseFixture(new MigrationSource("agents", typeof(AgentsModule).Assembly))
{
    public FakeClock Clock { get; } = new();

    public ServiceProvider Services { get; private set; } = null!;

    public ISkillEngine Engine => Services.GetRequiredService<ISkillEngine>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Db);
        services.AddSingleton(NSubstitute.Substitute.For<IRealtime>());
        services.AddSingleton(NSubstitute.Substitute.For<IMemory>());
        services.AddAgents(new ConfigurationBuilder().Build());
        Services = services.BuildServiceProvider();
    }

    public override async Task DisposeAsync()
    {
        await Services.DisposeAsync();
        await base.DisposeAsync();
    }

    public UserId NewUser() => Ids.New<UserId>(Clock);

    public Task<SkillReply?> AskAsync(string text, string language = "en", UserId? user = null, string? zone = "UTC", params SkillContext[] earlier)
        => Engine.TryAnswerAsync(new SkillRequest(user ?? NewUser(), text, language, zone, earlier), CancellationToken.None);
}
