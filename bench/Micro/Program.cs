using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using JeanTrail.Bench.Micro;

// In this process: what is measured is internal to its module, and projects made on the fly would be built by rules that are not theirs.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);
await using (GatewayCalls.Host = await GatewayCallsHost.StartAsync())
    BenchmarkRunner.Run([typeof(GatewayParts), typeof(GatewayCalls)], config, args);
