using JeanTrail.Bench;

// One program for all whole-system runs; bench/<name>/run.sh calls it with the name.
Func<string[], Task<int>>? run = args.FirstOrDefault() switch
{
    "start" => StartRun.RunAsync,
    "overhead" => OverheadRun.RunAsync,
    "streams" => StreamsRun.RunAsync,
    "reads" => ReadsRun.RunAsync,
    "voice" => VoiceRun.RunAsync,
    "upstream" => UpstreamProcess.RunAsync,
    _ => null,
};
if (run is null)
{
    Console.Error.WriteLine("Runs: start, overhead, streams, reads, voice.");
    return 2;
}

if (args[0] != "upstream")
    Console.WriteLine($"machine: {Machine.Describe()}");
return await run(args[1..]);
