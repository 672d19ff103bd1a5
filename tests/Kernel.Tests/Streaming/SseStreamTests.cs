using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Streaming;
using JeanTrail.Kernel.Tests.Http;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;

namespace JeanTrail.Kernel.Tests.Streaming;

public sealed class SseStreamTests : IAsyncLifetime
{
    static readonly StreamEvent Done = new("done", new { status = "completed" });

    readonly FakeClock clock = new();
    Func<IAsyncEnumerable<StreamEvent>> source = () => throw new InvalidOperationException("The test gave no source.");
    SseOptions? options;
    EdgeApp app = null!;

    public async Task InitializeAsync() => app = await EdgeApp.StartAsync(
        routes => routes.MapGet("/api/stream", () => SseStream.Respond(source(), options)),
        clock: clock);

    public async Task DisposeAsync() => await app.DisposeAsync();

    Task<HttpResponseMessage> OpenAsync() => app.SendAsync(HttpMethod.Get, "/api/stream");

    static async IAsyncEnumerable<StreamEvent> Follow(ChannelReader<StreamEvent> reader, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var next in reader.ReadAllAsync(cancel))
            yield return next;
    }

    async Task<string> ReadUntilAsync(StreamReader reader, string text)
    {
        var read = new StringBuilder();
        var buffer = new char[1024];
        using var patience = new CancellationTokenSource(Eventually.DefaultDeadline);
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await reader.ReadAsync(buffer.AsMemory(), patience.Token);
            if (count == 0)
                throw new InvalidOperationException($"The stream ended after: {read}\n{app.Logs.AllText}");
            read.Append(buffer, 0, count);
        }

        return read.ToString();
    }

    [Fact]
    public async Task Events_arrive_with_names_ids_and_one_line_of_json()
    {
        source = () => new[] { new StreamEvent("delta", new { text = "line 1\nمرحبا 😀" }, "8"), Done }.ToAsyncEnumerable();

        using var response = await OpenAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            "id: 8\nevent: delta\ndata: {\"text\":\"line 1\\nمرحبا \\uD83D\\uDE00\"}\n\nevent: done\ndata: {\"status\":\"completed\"}\n\n");
    }

    [Fact]
    public async Task Each_event_is_sent_when_it_comes()
    {
        var channel = Channel.CreateUnbounded<StreamEvent>();
        source = () => Follow(channel.Reader);
        channel.Writer.TryWrite(new StreamEvent("delta", new { n = 1 }));
        using var response = await OpenAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        await ReadUntilAsync(reader, "{\"n\":1}\n\n");
        channel.Writer.TryWrite(new StreamEvent("delta", new { n = 2 }));
        await ReadUntilAsync(reader, "{\"n\":2}\n\n");
        channel.Writer.TryWrite(Done);
        channel.Writer.Complete();
        await ReadUntilAsync(reader, "completed");

        (await reader.ReadToEndAsync()).ShouldNotContain("error");
    }

    [Fact]
    public async Task A_silent_source_is_covered_by_heartbeats_but_a_busy_one_is_not()
    {
        options = new SseOptions { IdleTimeout = TimeSpan.FromDays(1) };
        var channel = Channel.CreateUnbounded<StreamEvent>();
        source = () => Follow(channel.Reader);
        channel.Writer.TryWrite(new StreamEvent("delta", new { n = 1 }));
        using var response = await OpenAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadUntilAsync(reader, "\n\n");
        await clock.WhenTimersAsync();

        clock.Advance(TimeSpan.FromSeconds(15)); // An event went out in this span.
        channel.Writer.TryWrite(new StreamEvent("delta", new { n = 2 }));
        (await ReadUntilAsync(reader, "{\"n\":2}\n\n")).ShouldNotContain("keep-alive");
        // Two spans in a row: the second one was silent whichever way the first is counted.
        string seen;
        do
            clock.Advance(TimeSpan.FromSeconds(15));
        while (!(await TryReadAsync(reader) is { } text && (seen = text).Contains("keep-alive", StringComparison.Ordinal)));

        seen.ShouldStartWith(": keep-alive\n\n");
        channel.Writer.TryWrite(Done);
        channel.Writer.Complete();
        await ReadUntilAsync(reader, "completed");
    }

    Task<string>? pendingRead;

    /// <summary>What came, or null when nothing has come yet; the read goes on in the next call.</summary>
    async Task<string?> TryReadAsync(StreamReader reader)
    {
        pendingRead ??= ReadUntilAsync(reader, "\n\n");
        await Task.WhenAny(pendingRead, Task.Delay(5));
        if (!pendingRead.IsCompleted)
            return null;
        var text = await pendingRead;
        pendingRead = null;
        return text;
    }

    [Fact]
    public async Task A_source_that_fails_before_its_first_event_answers_with_a_status()
    {
        source = () => Fail(new ErrorException(new Error("chat.turn_already_running", 409, "Jean is still answering.")));

        using var response = await OpenAsync();

        await response.ShouldBeProblemAsync(409, "chat.turn_already_running");

        static async IAsyncEnumerable<StreamEvent> Fail(Exception failure)
        {
            await Task.Yield();
            throw failure;
#pragma warning disable CS0162 // An iterator needs a yield.
            yield break;
#pragma warning restore CS0162
        }
    }

    static async IAsyncEnumerable<StreamEvent> OneThen(Exception? failure)
    {
        yield return new StreamEvent("delta", new { text = "half" });
        await Task.Yield();
        if (failure is not null)
            throw failure;
    }

    [Fact]
    public async Task A_source_that_fails_later_ends_the_stream_with_an_error_event()
    {
        source = () => OneThen(new InvalidOperationException("words of the bug"));

        using var response = await OpenAsync();
        var text = await response.Content.ReadAsStringAsync();

        text.ShouldContain("half");
        text.ShouldContain("event: error\ndata: {");
        text.ShouldContain("\"code\":\"kernel.unexpected\"");
        text.ShouldEndWith("\n\n");
        text.ShouldNotContain("words of the bug");
        app.Logs.Entries.ShouldContain(entry => entry.Exception is InvalidOperationException);
    }

    [Fact]
    public async Task A_source_that_stops_without_done_is_reported_as_truncated()
    {
        source = () => OneThen(null);

        using var response = await OpenAsync();

        (await response.Content.ReadAsStringAsync()).ShouldContain("kernel.stream_truncated");
    }

    [Fact]
    public async Task An_event_that_cannot_be_written_leaves_no_half_of_itself()
    {
        var loop = new Node();
        loop.Next = loop;
        source = () => new[] { new StreamEvent("delta", new { n = 1 }), new StreamEvent("delta", loop) }.ToAsyncEnumerable();

        using var response = await OpenAsync();

        await response.ShouldBeProblemAsync(500, "kernel.unexpected");
    }

    sealed class Node
    {
        public Node? Next { get; set; }
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_source_and_nothing_is_logged_as_an_error()
    {
        var cancelled = new TaskCompletionSource();
        source = () => Endless(cancelled);
        var response = await OpenAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadUntilAsync(reader, "\n\n");

        response.Dispose();

        await cancelled.Task.WaitAsync(Eventually.DefaultDeadline);
        await app.App.StopAsync();
        app.Logs.Entries.ShouldNotContain(entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    static async IAsyncEnumerable<StreamEvent> Endless(TaskCompletionSource cancelled, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        yield return new StreamEvent("delta", new { text = "first" });
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        finally
        {
            cancelled.SetResult();
        }
    }

    [Fact]
    public async Task A_source_that_is_silent_for_too_long_is_cancelled_and_the_client_is_told()
    {
        var cancelled = new TaskCompletionSource();
        source = () => Endless(cancelled);
        options = new SseOptions { IdleTimeout = TimeSpan.FromMinutes(1) };
        using var response = await OpenAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadUntilAsync(reader, "first");

        while (!cancelled.Task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(cancelled.Task, Task.Delay(5));
        }

        (await reader.ReadToEndAsync()).ShouldContain("kernel.stream_idle");
    }

    [Fact]
    public async Task A_server_that_stops_says_so_to_its_streams()
    {
        var cancelled = new TaskCompletionSource();
        source = () => Endless(cancelled);
        using var response = await OpenAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadUntilAsync(reader, "first");

        var stopping = app.App.StopAsync();

        (await reader.ReadToEndAsync()).ShouldContain("kernel.shutting_down");
        await stopping;
    }

    [Fact]
    public async Task A_first_event_that_takes_longer_than_a_heartbeat_does_not_leave_the_client_waiting_for_headers()
    {
        options = new SseOptions { IdleTimeout = TimeSpan.FromDays(1) };
        var channel = Channel.CreateUnbounded<StreamEvent>();
        source = () => Follow(channel.Reader);
        var opening = OpenAsync();
        await clock.WhenTimersAsync();
        while (!opening.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(opening, Task.Delay(5));
        }

        using var response = await opening;
        channel.Writer.Complete(new InvalidOperationException("late"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldStartWith(": keep-alive\n\n");
        text.ShouldContain("event: error");
    }

    [Fact]
    public async Task Hundreds_of_streams_lose_nothing()
    {
        const int Streams = 200;
        const int Events = 200;
        source = () => Numbers();

        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            using var response = await OpenAsync();
            return await response.Content.ReadAsStringAsync();
        }));

        var expected = string.Concat(Enumerable.Range(0, Events).Select(n => $"id: {n}\nevent: delta\ndata: {{\"n\":{n}}}\n\n")) + "event: done\ndata: {\"status\":\"completed\"}\n\n";
        answers.Count(answer => answer == expected).ShouldBe(Streams, answers.FirstOrDefault(answer => answer != expected) + app.Logs.AllText[..Math.Min(3000, app.Logs.AllText.Length)]);

        static async IAsyncEnumerable<StreamEvent> Numbers()
        {
            for (var n = 0; n < Events; n++)
            {
                if (n % 7 == 0)
                    await Task.Yield();
                yield return new StreamEvent("delta", new { n }, n.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            yield return Done;
        }
    }
}
