using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Tests.Hosting;

public sealed class RolesTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("web,worker", true)]
    [InlineData(" worker ", true)]
    [InlineData("web", false)]
    public async Task A_worker_service_runs_only_where_the_process_is_a_worker(string? roles, bool runs)
    {
        var services = new ServiceCollection().AddSingleton(Read(roles)).AddWorkerService<Loop>();
        await using var provider = services.BuildServiceProvider();

        foreach (var service in provider.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);

        provider.GetRequiredService<Loop>().Started.ShouldBe(runs);
    }

    [Fact]
    public void A_list_is_read_like_names_between_commas()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Roles:0", "web"), new("Roles:1", "worker")]).Build();

        var roles = new Roles(configuration);

        roles.Has(Roles.Web).ShouldBeTrue();
        roles.Has(Roles.Worker).ShouldBeTrue();
    }

    [Fact]
    public void A_role_that_does_not_exist_is_refused_by_name()
        => Should.Throw<OptionsValidationException>(() => Read("web,wroker")).Message.ShouldContain("'wroker' is not a role");

    static Roles Read(string? roles) => new(new ConfigurationBuilder().AddInMemoryCollection([new("Roles", roles)]).Build());

    sealed class Loop : IHostedService
    {
        public bool Started { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
