using JeanTrail.Bench;

// One program for all whole-system runs; bench/<name>/run.sh calls it with the name.
Func<string[], Task<int>>? run = args.FirstOrDefault() switch
{
    "start" => StartRun.RunAsync,
    "overhead" => OverheadRun.RunAsync,
    "row-security" => RowSecurityRun.RunAsync,
    "streams" => StreamsRun.RunAsync,
    "reads" => ReadsRun.RunAsync,
    "finding" => FindingRun.RunAsync,
    "stuffing" => StuffingRun.RunAsync,
    "voice" => VoiceRun.RunAsync,
    "gateway" => GatewayRun.RunAsync,
    "model" => ModelRun.RunAsync,
    "transfer" => TransferRun.RunAsync,
    "local-models" => LocalModelsRun.RunAsync,
    "upstream" => UpstreamProcess.RunAsync,
    "pass-through" => JeanTrail.Bench.Wire.PassThrough.RunAsync,
    _ => null,
};
if (run is null)
{
    Console.Error.WriteLine("Runs: start, overhead, row-security, streams, reads, finding, stuffing, voice, gateway, model, local-models, transfer.");
    return 2;
}

if (args[0] is not ("upstream" or "pass-through"))
    Console.WriteLine($"machine: {Machine.Describe()}");
return await run(args[1..]);
