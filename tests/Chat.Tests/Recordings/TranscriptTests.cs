using System.Net;
using JeanTrail.Chat.Recordings;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Errors;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Chat.Tests.Recordings;

/// <summary>When words come, and what waits for them; who writes them is at the test's hand.</summary>
public sealed class TranscriptTests
{
    readonly HeldTranscripts ears = new();

    static Task<ChatHost> StartAsync(HeldTranscripts ears, params (string Key, string Value)[] settings)
        => ChatHost.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<ITranscripts>(ears)), settings: settings);

    /// <summary>Another server of the same installation: the same database and the same files.</summary>
    static Task<ChatHost> StartBesideAsync(ChatHost first, HeldTranscripts ears)
    {
        var files = first.Host.Services.GetRequiredService<IBlobStore>();
        return ChatHost.StartAsync(
            services => services.Replace(ServiceDescriptor.Singleton<ITranscripts>(ears)).Replace(ServiceDescriptor.Singleton(files)), first.Host.Database);
    }

    static async Task<Guid> UploadAsync(ChatHost chat)
    {
        var made = await chat.UploadAsync("recording.wav", Recorded.Tone);
        Recorded.State(made.GetProperty("transcript")).ShouldBe("pending");
        return made.GetProperty("id").GetGuid();
    }

    [Fact]
    public async Task A_question_waits_for_what_is_said_in_its_recording()
    {
        var said = new TaskCompletionSource<string>();
        ears.Says = cancel => said.Task.WaitAsync(cancel);
        await using var chat = await StartAsync(ears);
        var file = await UploadAsync(chat);
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Blue.").End();
        await using var reader = await chat.AskAsync(conversation, "Answer this", file);
        await reader.UntilAsync("turn");
        await Eventually.BeTrueAsync(() => ears.Begun == 1);
        // The page is told to say what it waits for.
        Recorded.State((await chat.MessagesAsync(conversation))[0].GetProperty("parts")[0].GetProperty("attachment").GetProperty("transcript")).ShouldBe("pending");
        chat.Model.Asked.ShouldBeEmpty();

        said.SetResult("Which colour has the sea?");
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");
        chat.Model.Asked.Single()[^1].Text.ShouldContain("Which colour has the sea?");
        (await chat.MessagesAsync(conversation))[1].GetProperty("parts").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task It_waits_no_longer_than_it_may_and_the_words_are_found_when_they_come()
    {
        var said = new TaskCompletionSource<string>();
        ears.Says = cancel => said.Task.WaitAsync(cancel);
        await using var chat = await StartAsync(ears, ("Chat:Attachments:TranscriptPatience", "00:00:00.3"));
        var file = await UploadAsync(chat);
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("I do not know yet what you said.").End();
        await using (var reader = await chat.AskAsync(conversation, "Answer this", file))
            await reader.UntilAsync("done");
        chat.Model.Asked.Single()[^1].Text.ShouldContain("what is said in it is not known yet");
        (await chat.MessagesAsync(conversation))[1].GetProperty("parts")[0].GetProperty("code").GetString().ShouldBe("recording-unheard");
        // Indexed as it is now, so that it has to be indexed again.
        await Eventually.BeTrueAsync(async () => await FoundAsync(chat, "recording.wav"), "the message is in the index");

        said.SetResult("Bring the zanzibar lantern.");
        Recorded.Words(await chat.WrittenAsync(file)).ShouldBe("Bring the zanzibar lantern.");
        await Eventually.BeTrueAsync(async () => await FoundAsync(chat, "zanzibar"), "it is found by what is said");
        chat.Model.Say("Now I know.").End();
        await using var again = await chat.SayAsync(conversation, "And now?");
        await again.UntilAsync("done");
        chat.Model.Asked[1].ShouldContain(message => message.Text.Contains("zanzibar lantern", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_an_answer_that_waits_for_words_ends_it()
    {
        ears.Says = cancel => Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => "", cancel, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        await using var chat = await StartAsync(ears);
        var file = await UploadAsync(chat);
        var conversation = await chat.NewConversationAsync();
        await using var reader = await chat.AskAsync(conversation, "Answer this", file);
        var turn = (await reader.UntilAsync("turn")).GetProperty("turnId").GetGuid();
        using var stopped = await chat.Client.PostAsync(new Uri($"/api/chat/turns/{turn}/stop", UriKind.Relative), null);
        stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        chat.Model.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_server_was_writing_down_when_it_stopped_the_next_one_writes_down()
    {
        ears.Says = async cancel =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return "never";
        };
        var next = new HeldTranscripts { Says = _ => Task.FromResult("Said before the storm.") };
        await using var before = await StartAsync(ears);
        var file = await UploadAsync(before);
        await Eventually.BeTrueAsync(() => ears.Begun == 1);
        await using var after = await StartBesideAsync(before, next);
        await before.Host.StopAsync();
        Recorded.Words(await after.WrittenAsync(file)).ShouldBe("Said before the storm.");
        (ears.Begun, next.Begun).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Two_nodes_share_the_work_and_each_recording_is_written_down_once()
    {
        var other = new HeldTranscripts();
        var go = new TaskCompletionSource<string>();
        ears.Says = other.Says = cancel => go.Task.WaitAsync(cancel);
        await using var one = await StartAsync(ears);
        await using var two = await StartBesideAsync(one, other);
        var files = new List<Guid>();
        for (var at = 0; at < 2 * TranscribeRecording.AtOnce; at++)
            files.Add(await UploadAsync(one));
        // Neither node takes more than it may, so both have some.
        await Eventually.BeTrueAsync(() => ears.Begun + other.Begun == files.Count, "all are being written down");
        go.SetResult("Once.");
        foreach (var file in files)
            Recorded.Words(await two.WrittenAsync(file)).ShouldBe("Once.");
        (ears.Begun, other.Begun).ShouldBe((TranscribeRecording.AtOnce, TranscribeRecording.AtOnce));
    }

    [Fact]
    public async Task What_passes_is_tried_again_and_what_does_not_is_said()
    {
        var tries = 0;
        ears.Says = _ => Interlocked.Increment(ref tries) == 1
            ? throw new TranscriptException(new Error("models.busy", 503, "Busy."), passing: true) : Task.FromResult("The second time.");
        await using var chat = await StartAsync(ears);
        Recorded.Words(await chat.WrittenAsync(await UploadAsync(chat))).ShouldBe("The second time.");

        ears.Says = _ => throw new TranscriptException(new Error("models.unreadable", 422, "Broken."), passing: false);
        var file = await UploadAsync(chat);
        var failed = await chat.WrittenAsync(file);
        (Recorded.State(failed), Recorded.Code(failed)).ShouldBe(("failed", "recogniser"));
        ears.Says = _ => Task.FromResult("After all.");
        Recorded.State(await chat.PostAsync($"/api/chat/attachments/{file}/transcript", new { })).ShouldBe("pending");
        Recorded.Words(await chat.WrittenAsync(file)).ShouldBe("After all.");
        // What is written down is not written down again.
        Recorded.State(await chat.PostAsync($"/api/chat/attachments/{file}/transcript", new { })).ShouldBe("done");
    }

    [Fact]
    public async Task It_may_take_only_so_long_and_say_only_so_much()
    {
        await using var chat = await StartAsync(ears, ("Chat:Attachments:TranscriptTimeout", "00:00:10"), ("Chat:Attachments:MaxTextLength", "1000"));
        ears.Says = _ => Task.FromResult(new string('x', 5000));
        Recorded.Words(await chat.WrittenAsync(await UploadAsync(chat)))!.Length.ShouldBeLessThanOrEqualTo(1001);
        ears.Says = async cancel =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return "";
        };
        var slow = await chat.WrittenAsync(await UploadAsync(chat));
        (Recorded.State(slow), Recorded.Code(slow)).ShouldBe(("failed", "too-slow"));
    }

    [Fact]
    public async Task Silence_is_written_down_as_nothing_and_the_model_is_told_so()
    {
        ears.Says = _ => Task.FromResult("");
        await using var chat = await StartAsync(ears);
        var file = await UploadAsync(chat);
        var written = await chat.WrittenAsync(file);
        (Recorded.State(written), Recorded.Words(written)).ShouldBe(("done", null));
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("I heard nothing.").End();
        await using var reader = await chat.AskAsync(conversation, "Well?", file);
        await reader.UntilAsync("done");
        chat.Model.Asked.Single()[^1].Text.ShouldContain("a recording in which nothing is said");
    }

    [Fact]
    public async Task What_is_for_ever_pending_is_queued_or_given_up_by_the_upkeep()
    {
        var said = new TaskCompletionSource<string>();
        ears.Says = cancel => said.Task.WaitAsync(cancel);
        await using var chat = await StartAsync(ears);
        var (lost, forgotten, running) = (await UploadAsync(chat), await UploadAsync(chat), await UploadAsync(chat));
        await Eventually.BeTrueAsync(() => ears.Begun == TranscribeRecording.AtOnce);
        await chat.Host.Db.ExecuteAsync("update chat.attachment set transcript_job = @Job where attachment_id = @Id", new { Job = Guid.CreateVersion7(), Id = lost }, default);
        await chat.Host.Db.ExecuteAsync("update chat.attachment set transcript_job = null where attachment_id = @Id", new { Id = forgotten }, default);
        await using (var scope = chat.Host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<TranscriptUpkeep>().RunAsync(default);
        Recorded.Code(await chat.TranscriptAsync(lost)).ShouldBe("lost");
        (await chat.Host.Db.FindAsync<Guid?>("select transcript_job from chat.attachment where attachment_id = @Id", new { Id = forgotten }, default)).ShouldNotBeNull();
        said.SetResult("Here.");
        Recorded.Words(await chat.WrittenAsync(forgotten)).ShouldBe("Here.");
        Recorded.Words(await chat.WrittenAsync(running)).ShouldBe("Here.");
        Recorded.Words(await chat.TranscriptAsync(lost)).ShouldBeNull("what was given up stays so");
    }

    [Fact]
    public async Task The_person_is_told_when_it_is_written_down_and_nobody_else_reads_it()
    {
        var said = new TaskCompletionSource<string>();
        ears.Says = cancel => said.Task.WaitAsync(cancel);
        await using var chat = await StartAsync(ears);
        var person = (await chat.GetAsync("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid();
        await using var hub = await HubClient.ConnectAsync(chat.Host.Address, chat.Client);
        await hub.CallAsync("Subscribe", $"user:{person}");
        var file = await UploadAsync(chat);
        said.SetResult("Mine.");
        await chat.WrittenAsync(file);
        await Eventually.BeTrueAsync(() => hub.Events.Any(happened => happened.ToString().Contains("chat.transcript-changed", StringComparison.Ordinal) && happened.ToString().Contains($"{file}", StringComparison.Ordinal)));

        await chat.Host.Db.ExecuteAsync("update chat.attachment set owner_id = @Other where attachment_id = @Id", new { Other = Guid.CreateVersion7(), Id = file }, default);
        using var read = await chat.Client.GetAsync(new Uri($"/api/chat/attachments/{file}/transcript", UriKind.Relative));
        read.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var asked = await chat.Client.PostAsync(new Uri($"/api/chat/attachments/{file}/transcript", UriKind.Relative), null);
        asked.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var text = (await chat.UploadAsync("notes.txt", "words"u8.ToArray())).GetProperty("id").GetGuid();
        using var none = await chat.Client.GetAsync(new Uri($"/api/chat/attachments/{text}/transcript", UriKind.Relative));
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound, "a text is no recording");
    }

    static async Task<bool> FoundAsync(ChatHost chat, string word)
        => (await chat.GetAsync($"/api/chat/search?q={Uri.EscapeDataString(word)}")).GetProperty("items").GetArrayLength() > 0;
}
