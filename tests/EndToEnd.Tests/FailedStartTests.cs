using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JeanTrail.EndToEnd.Tests;

public sealed class FailedStartTests
{
    [Fact]
    public async Task What_runs_already_has_ended_when_a_start_is_given_up()
    {
        var running = new Running();
        var failure = await Should.ThrowAsync<IOException>(() => TestHost.StartAsync(services: services => services
            .AddSingleton<IHostedService>(running)
            .AddSingleton<IHostedService>(new NeverStarting(running.Begun))));
        failure.Message.ShouldBe(NeverStarting.Why);
        running.Ended.IsCompletedSuccessfully.ShouldBeTrue("it would find its database gone");
    }

    /// <summary>Takes a moment to end, as whoever has a statement under way.</summary>
    sealed class Running : BackgroundService
    {
        readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public Task Ended => ended.Task;

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(200, CancellationToken.None);
            ended.SetResult();
        }
    }

    sealed class NeverStarting(Task others) : IHostedService
    {
        public const string Why = "The port is taken.";

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await others;
            throw new IOException(Why);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
