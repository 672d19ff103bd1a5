using System.Diagnostics;
using System.Globalization;
using System.Text;
using JeanTrail.Kernel.Workers;
using JeanTrail.Testing;

namespace JeanTrail.Kernel.Tests.Workers;

public sealed class WorkerPoolTests : IAsyncDisposable
{
    static readonly WorkerOptions Quick = new()
    {
        StartTimeout = TimeSpan.FromSeconds(30),
        BackOffMin = TimeSpan.FromMilliseconds(10),
        BackOffMax = TimeSpan.FromMilliseconds(40),
        CrashLoopPause = TimeSpan.FromMinutes(10),
        CancelGrace = TimeSpan.FromSeconds(30),
    };

    readonly LogCollector log = new();
    readonly List<WorkerPool> pools = [];
    readonly string folder = Directory.CreateTempSubdirectory("jean-workers-").FullName;

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in pools)
            await pool.DisposeAsync();
        log.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    WorkerPool Pool(string mode = "normal", int workers = 1, int queue = 10, WorkerOptions? options = null, string? program = null)
    {
        var command = new WorkerCommand(
            "fake", program ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "workers", "fake", "fake-worker.dll"), mode],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableDiagnostics"] = "0" });
        var pool = new WorkerPool(
            command, new WorkerPoolOptions { Workers = workers, QueueLimit = queue, QueueTimeout = TimeSpan.FromMinutes(1), Worker = options ?? Quick },
            TimeProvider.System, log.CreateLogger<WorkerPool>());
        pools.Add(pool);
        return pool;
    }

    static async Task<string> AskAsync(WorkerPool pool, string command, CancellationToken cancel = default)
    {
        var result = "";
        await foreach (var message in pool.CallAsync(Encoding.UTF8.GetBytes(command), cancel))
            if (message.Kind == WorkerMessageKind.Result)
                result = Encoding.UTF8.GetString(message.Payload.Span);
        return result;
    }

    /// <summary>Starts a call and returns when its first message has come.</summary>
    static async Task<IAsyncEnumerator<WorkerMessage>> BeginAsync(WorkerPool pool, string command)
    {
        var messages = pool.CallAsync(Encoding.UTF8.GetBytes(command)).GetAsyncEnumerator();
        (await messages.MoveNextAsync()).ShouldBeTrue();
        return messages;
    }

    static async Task SignalAsync(string signal, string processId)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId]);
        await kill.WaitForExitAsync();
    }

    static bool IsAlive(string processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ");
        }
        catch (IOException)
        {
            return false; // Gone, perhaps while it was looked at.
        }
    }

    [Fact]
    public async Task A_call_brings_its_events_and_chunks_in_order_and_the_result_last()
    {
        var messages = new List<WorkerMessage>();
        await foreach (var message in Pool().CallAsync("stream 300"u8.ToArray()))
            messages.Add(message);
        messages.Count.ShouldBe(601);
        messages.Where(message => message.Kind == WorkerMessageKind.Event)
            .Select(message => Encoding.UTF8.GetString(message.Payload.Span)).ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
        messages.Where(message => message.Kind == WorkerMessageKind.Chunk).ShouldAllBe(message => message.Payload.Length == 1000);
        messages[^1].Kind.ShouldBe(WorkerMessageKind.Result);
    }

    [Fact]
    public async Task Calls_run_side_by_side_on_as_many_workers_as_there_are_and_these_start_only_when_needed()
    {
        var pool = Pool(workers: 3);
        pool.Workers.ShouldAllBe(worker => worker.State == WorkerState.Stopped && worker.Starts == 0);
        var first = await BeginAsync(pool, "hang");
        var second = await BeginAsync(pool, "hang");
        pool.Workers.Count(worker => worker.State == WorkerState.Ready).ShouldBe(2);
        pool.Workers.Sum(worker => worker.Starts).ShouldBe(2);
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Calls_wait_in_a_queue_and_beyond_its_end_they_are_refused()
    {
        var pool = Pool(queue: 1);
        var running = await BeginAsync(pool, "hang");
        var waiting = AskAsync(pool, "hello");
        await Should.ThrowAsync<WorkerBusyException>(() => AskAsync(pool, "hello"));
        waiting.IsCompleted.ShouldBeFalse();
        await running.DisposeAsync();
        (await waiting).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_waiting_call_can_be_cancelled_and_leaves_its_place()
    {
        var pool = Pool(queue: 1);
        var running = await BeginAsync(pool, "hang");
        using var source = new CancellationTokenSource();
        var waiting = AskAsync(pool, "hello", source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        var next = AskAsync(pool, "hello");
        await running.DisposeAsync();
        (await next).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_call_whose_worker_is_killed_before_it_answered_is_given_to_another_worker()
    {
        var pool = Pool(workers: 2);
        var file = Path.Combine(folder, "pid");
        var call = AskAsync(pool, $"wait-for-the-kill {file}");
        await Eventually.BeTrueAsync(() => File.Exists(file));
        var victim = await File.ReadAllTextAsync(file);
        await SignalAsync("KILL", victim);
        var survivor = await call;
        survivor.ShouldNotBeEmpty();
        survivor.ShouldNotBe(victim);
        await Eventually.BeTrueAsync(() => pool.Workers.Sum(worker => worker.Starts) >= 2, "the killed worker is replaced");
    }

    [Fact]
    public async Task A_call_is_not_repeated_when_something_of_it_was_already_delivered()
    {
        var pool = Pool();
        var messages = await BeginAsync(pool, "die-after-event");
        await Should.ThrowAsync<WorkerLostException>(async () => await messages.MoveNextAsync());
        (await AskAsync(pool, "hello")).ShouldNotBeEmpty("the worker is started again");
    }

    [Fact]
    public async Task A_call_that_kills_every_worker_fails_after_the_second()
    {
        var pool = Pool(workers: 2);
        await Should.ThrowAsync<WorkerLostException>(() => AskAsync(pool, "die"));
        (await AskAsync(pool, "hello")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Leaving_a_call_frees_the_same_worker()
    {
        var pool = Pool();
        var before = await AskAsync(pool, "hello");
        await (await BeginAsync(pool, "hang")).DisposeAsync();
        (await AskAsync(pool, "hello")).ShouldBe(before);
    }

    [Fact]
    public async Task A_worker_that_ignores_a_cancellation_is_killed_and_replaced()
    {
        var pool = Pool(options: Quick with { CancelGrace = TimeSpan.FromMilliseconds(100) });
        var before = await AskAsync(pool, "hello");
        await (await BeginAsync(pool, "deaf")).DisposeAsync();
        (await AskAsync(pool, "hello")).ShouldNotBe(before);
        IsAlive(before).ShouldBeFalse();
    }

    [Fact]
    public async Task A_call_without_progress_loses_its_worker()
    {
        var pool = Pool(options: Quick with { ProgressTimeout = TimeSpan.FromSeconds(3), PingInterval = TimeSpan.FromMilliseconds(50) });
        var messages = await BeginAsync(pool, "deaf");
        (await Should.ThrowAsync<WorkerLostException>(async () => await messages.MoveNextAsync())).Message.ShouldContain("no progress");
    }

    [Fact]
    public async Task A_frozen_worker_is_killed_and_replaced()
    {
        var pool = Pool(options: Quick with { SilenceTimeout = TimeSpan.FromSeconds(2), PingInterval = TimeSpan.FromMilliseconds(100) });
        var frozen = await AskAsync(pool, "hello");
        await SignalAsync("STOP", frozen);
        await Eventually.BeTrueAsync(() => !IsAlive(frozen), "the frozen worker is killed");
        (await AskAsync(pool, "hello")).ShouldNotBe(frozen);
    }

    [Fact]
    public async Task Garbage_on_stdout_ends_the_worker_and_the_next_call_finds_a_new_one()
    {
        var pool = Pool();
        (await Should.ThrowAsync<WorkerLostException>(() => AskAsync(pool, "garbage"))).Message.ShouldContain("other than a frame");
        (await AskAsync(pool, "hello")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_keeps_ending_is_in_a_crash_loop_and_calls_fail_at_once()
    {
        var pool = Pool("crash", options: Quick with { CrashLimit = 3 });
        await Should.ThrowAsync<WorkerUnavailableException>(() => AskAsync(pool, "hello"));
        var worker = pool.Workers.Single();
        worker.State.ShouldBe(WorkerState.CrashLoop);
        worker.Starts.ShouldBe(3);
        worker.Detail.ShouldNotBeNull().ShouldContain("code 9");
        await Should.ThrowAsync<WorkerUnavailableException>(() => AskAsync(pool, "hello"));
    }

    [Fact]
    public async Task A_worker_that_refuses_to_start_says_why_and_is_not_started_again_soon()
    {
        var pool = Pool("refuse", workers: 2);
        (await Should.ThrowAsync<WorkerUnavailableException>(() => AskAsync(pool, "hello"))).Message.ShouldBe("The part is missing. Install it.");
        pool.Unavailable.ShouldBe("The part is missing. Install it.");
        pool.Workers.Sum(worker => worker.Starts).ShouldBe(1);
    }

    [Fact]
    public async Task A_program_that_is_not_there_makes_the_pool_unavailable()
        => (await Should.ThrowAsync<WorkerUnavailableException>(() => AskAsync(Pool(program: "/no/such/program"), "hello"))).Message.ShouldContain("/no/such/program");

    [Fact]
    public async Task A_worker_that_never_says_hello_is_killed_when_its_time_is_over()
    {
        var pool = Pool("mute", options: Quick with { StartTimeout = TimeSpan.FromMilliseconds(300), CrashLimit = 2 });
        (await Should.ThrowAsync<WorkerUnavailableException>(() => AskAsync(pool, "hello"))).Message.ShouldContain("not ready in time");
    }

    [Fact]
    public async Task A_failure_keeps_its_code_and_is_not_repeated()
    {
        var pool = Pool();
        var failure = await Should.ThrowAsync<WorkerFailureException>(() => AskAsync(pool, "fail"));
        (failure.Code, failure.Message).ShouldBe(("no_luck", "It \"failed\"."));
        pool.Workers.Single().Starts.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_of_the_servers_environment_reaches_the_worker_but_what_it_needs()
    {
        var names = (await AskAsync(Pool(), "environment")).Split(' ');
        names.Except(["PATH", "HOME", "LANG", "TMPDIR", "DOTNET_EnableDiagnostics"], StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flood_on_stderr_reaches_the_log_cut_and_counted()
    {
        var pool = Pool();
        await AskAsync(pool, "errors");
        await pool.DisposeAsync();
        var lines = log.Entries.Where(entry => entry.Message.Contains("wrote: ", StringComparison.Ordinal)).ToArray();
        lines.Length.ShouldBeInRange(1, 200);
        lines.ShouldAllBe(entry => entry.Message.Length < 600);
        await Eventually.BeTrueAsync(() => log.AllText.Contains("more lines, which were dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_the_pool_stops_its_workers_and_ends_waiting_calls()
    {
        var pool = Pool();
        var processId = await AskAsync(pool, "hello");
        var running = await BeginAsync(pool, "hang");
        var waiting = AskAsync(pool, "hello");
        await pool.DisposeAsync();
        IsAlive(processId).ShouldBeFalse();
        await Should.ThrowAsync<WorkerUnavailableException>(() => waiting);
        await Should.ThrowAsync<WorkerLostException>(async () => await running.MoveNextAsync());
    }

    [Fact]
    public async Task A_worker_ends_by_itself_when_its_server_is_gone()
    {
        // What a killed server leaves behind is a closed pipe.
        using var worker = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "workers", "fake", "fake-worker.dll"), "normal"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        }).ShouldNotBeNull();
        FrameStream.Read(worker.StandardOutput.BaseStream).ShouldNotBeNull().Type.ShouldBe(FrameType.Hello);
        await worker.StandardInput.BaseStream.WriteAsync(FrameStream.Encode(FrameType.Call, 1, "deaf"u8));
        await worker.StandardInput.BaseStream.FlushAsync();
        FrameStream.Read(worker.StandardOutput.BaseStream).ShouldNotBeNull().Type.ShouldBe(FrameType.Event);
        worker.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await worker.WaitForExitAsync(deadline.Token);
        worker.ExitCode.ToString(CultureInfo.InvariantCulture).ShouldBe("0");
    }
}
