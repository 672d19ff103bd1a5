using JeanTrail.Testing;

namespace JeanTrail.Bench;

/// <summary>Start of a built tree to the first page, and memory when idle.</summary>
internal static class StartRun
{
    const int Runs = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var first = new List<double>();
        var again = new List<double>();
        var memory = default(Memory);
        for (var run = 1; run <= Runs; run++)
        {
            var data = JeanTrailProcess.NewDataFolder();
            await using (var empty = await JeanTrailProcess.StartAsync(data))
                first.Add(empty.FirstPage.TotalMilliseconds);
            await using (var second = await JeanTrailProcess.StartAsync(data))
            {
                again.Add(second.FirstPage.TotalMilliseconds);
                if (run == Runs)
                {
                    await Task.Delay(TimeSpan.FromSeconds(20));
                    memory = Memory.Of(second);
                }
            }

            Directory.Delete(data, recursive: true);
        }

        Console.WriteLine(Machine.Row("first start (empty folder)", first));
        Console.WriteLine(Machine.Row("start", again));
        Console.WriteLine($"idle memory after 20 s: server {memory.Server:0} MB resident, PostgreSQL {memory.Postgres:0} MB (proportional set)");
        return Machine.Verdict("start to first page under 3 s (median)", Machine.Quantile(again, .5) < 3_000)
            | Machine.Verdict("idle memory of the server under 250 MB", memory.Server < 250);
    }
}
