using JeanTrail.Bench;

// One program for all whole-system runs; bench/<name>/run.sh calls it with the name.
Func<string[], Task<int>>? run = args.FirstOrDefault() switch
{
    "start" => StartRun.RunAsync,
    "reads" => ReadsRun.RunAsync,
    "voice" => VoiceRun.RunAsync,
    _ => null,
};
if (run is null)
{
    Console.Error.WriteLine("Runs: start, reads, voice.");
    return 2;
}

Console.WriteLine($"machine: {Machine.Describe()}");
return await run(args[1..]);
