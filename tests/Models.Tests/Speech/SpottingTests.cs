using System.Text;
using JeanTrail.Contracts.Models;
using JeanTrail.Models.Speech;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Hearing Jean's name with a model of our own making, in the real engine.</summary>
public sealed class SpottingTests : IAsyncDisposable
{
    static readonly string[] Name = ["▁JE", "AN"];
    static readonly string[] Call = ["▁HE", "Y", "▁JE", "AN"];

    readonly SpeechWorkers workers = new();

    public ValueTask DisposeAsync() => workers.DisposeAsync();

    sealed record Told(double? At, double? End, string? Keyword);

    /// <summary>What was heard, when, and where it ended.</summary>
    static async Task<List<(string Keyword, double At, double End)>> HearAsync(SpeechWorker worker, byte[] pcm, int pieceBytes = 3_333)
    {
        var told = await AllAsync(worker.AskAsync<Told>("spot", new { }, Spoken.InPieces(pcm, pieceBytes), default));
        var real = told.Where(one => one.At is not null).ToList();
        real[0].Keyword.ShouldBeNull("it says that it listens");
        return [.. real.Skip(1).Select(one => (one.Keyword!, one.At!.Value, one.End!.Value))];
    }

    SpeechWorker Spotter(string[]? pieces = null, Action<string>? with = null)
    {
        var folder = TinySpotter.Write(workers.Place, "spots", pieces);
        with?.Invoke(folder);
        var found = SpeechFolders.Find(workers.Place, "spots").ShouldNotBeNull();
        found.Kind.ShouldBe("keyword-spotter");
        return workers.Start(found);
    }

    [Fact]
    public async Task Her_name_is_heard_each_time_and_nothing_else()
    {
        var worker = Spotter();
        (await HearAsync(worker, TinySpotter.Say(Call))).ShouldHaveSingleItem().Keyword.ShouldBe("hey-jean");
        (await HearAsync(worker, TinySpotter.Say(Name))).ShouldHaveSingleItem().Keyword.ShouldBe("jean");
        (await HearAsync(worker, TinySpotter.Say("AN", "▁JE", "", "▁THE", "▁HE", "Y", "", "▁JE", "D", "", "S"))).ShouldBeEmpty();
        (await HearAsync(worker, new byte[320_000])).ShouldBeEmpty();

        string[] twice = ["▁THE", "▁S", "", .. Name, "", "", "ING", "", .. Call];
        var heard = await HearAsync(worker, TinySpotter.Say(twice), 640);
        heard.Select(one => one.Keyword).ShouldBe(["jean", "hey-jean"]);
        // The last of their pieces begin at 1.6 and 4.1 seconds; what follows is a chunk of the model and the piece that it is given at once.
        heard[0].At.ShouldBeInRange(1.6, 2.4);
        heard[1].At.ShouldBeInRange(4.1, 4.9);
        heard.Select(one => one.End).ShouldBe([1.8, 4.3], 0.05);
        (await HearAsync(worker, TinySpotter.Say(twice), 50_000)).Select(one => one.Keyword).ShouldBe(["jean", "hey-jean"], "in whatever pieces it comes");
        worker.Status.Starts.ShouldBe(1);
    }

    [Fact]
    public async Task Where_her_name_ends_is_told_when_one_speaks_on_in_the_same_breath()
    {
        string[] said = ["S", "T", "▁THE", "▁A"];
        var worker = Spotter();
        var (keyword, _, end) = (await HearAsync(worker, TinySpotter.Say([.. Name, .. said]), 640)).ShouldHaveSingleItem();
        keyword.ShouldBe("jean");
        end.ShouldBe(0.9, 0.05);

        string[] silence = [.. Enumerable.Repeat("", 60)];
        (await HearAsync(worker, TinySpotter.Say([.. said, "", "", .. Name, .. said]), 640)).ShouldHaveSingleItem().End.ShouldBe(2.7, 0.05);
        (await HearAsync(worker, TinySpotter.Say([.. said, .. silence, .. Name, .. said]), 640)).ShouldHaveSingleItem().End.ShouldBe(31.7, 0.05);
    }

    [Fact]
    public async Task Two_are_heard_at_once_and_one_who_leaves_frees_the_place()
    {
        var worker = Spotter();
        for (var i = 0; i < 20; i++)
        {
            await foreach (var _ in worker.AskAsync<Told>("spot", new { }, Spoken.InPieces(TinySpotter.Say(Name)), default))
                break;
        }

        var both = await Task.WhenAll(HearAsync(worker, TinySpotter.Say(Call)), HearAsync(worker, TinySpotter.Say("▁THE", "", "▁JE", "AN")));
        both.Select(one => one.ShouldHaveSingleItem().Keyword).ShouldBe(["hey-jean", "jean"]);
    }

    [Fact]
    public async Task A_model_that_writes_small_letters_hears_her_too()
    {
        var small = TinySpotter.Pieces.Select(piece => piece.ToLowerInvariant()).ToArray();
        (await HearAsync(Spotter(small), TinySpotter.Say(Call))).ShouldHaveSingleItem().Keyword.ShouldBe("hey-jean");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_words_are_taken_apart_as_the_model_was_taught(int type)
    {
        // Unigram: these are likelier together than the two longest. BPE: these are joined first, after which nothing can be.
        var scores = new Dictionary<string, float> { ["▁J"] = -1, ["▁JE"] = -9, ["E"] = -1, ["AN"] = -1.5f, ["A"] = -5, ["N"] = -5, ["▁HE"] = -2, ["Y"] = -3, ["▁H"] = -2.5f, ["▁"] = -20, ["H"] = -20, ["J"] = -20 };
        if (type == 2)
            scores.Remove("▁JE");
        var worker = Spotter(with: folder => File.WriteAllBytes(Path.Combine(folder, "bpe.model"), SentencePieces(type, scores)));

        (await HearAsync(worker, TinySpotter.Say("▁J", "E", "AN"))).ShouldHaveSingleItem().Keyword.ShouldBe("jean");
        (await HearAsync(worker, TinySpotter.Say(Name))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_broken_file_of_pieces_is_as_good_as_none()
    {
        var worker = Spotter(with: folder => File.WriteAllBytes(Path.Combine(folder, "bpe.model"), [0x0A, 0x7F, 0x41]));
        (await HearAsync(worker, TinySpotter.Say(Call))).ShouldHaveSingleItem().Keyword.ShouldBe("hey-jean");
    }

    [Fact]
    public async Task A_model_of_sounds_is_refused_with_the_reason()
    {
        string[] sounds = ["b", "p", "m", "f", "d", "t", "n", "l", "zh", "ch", "sh", "ǎ", "à", "āng", "ē", "én", "ī", "ín", "ōng", "ú", "üè", "x", "ì"];
        var failure = await Should.ThrowAsync<LocalModelException>(() => HearAsync(Spotter(sounds), TinySpotter.Say(Name)));
        failure.Error.Code.ShouldBe("models.unreadable");
        failure.Error.Detail.ShouldContain("sounds");
    }

    [Fact]
    public async Task Other_models_do_not_wait_for_her_name_and_this_one_does_not_write()
    {
        (await Should.ThrowAsync<LocalModelException>(() => HearAsync(workers.Listener(), TinySpotter.Say(Name)))).Error.Code.ShouldBe("models.request_invalid");
        (await Should.ThrowAsync<LocalModelException>(() => AllAsync(Spotter().TranscribeAsync(Spoken.InPieces(TinySpotter.Say(Name)), default)))).Error.Code.ShouldBe("models.request_invalid");
    }

    [Theory]
    [InlineData("spots", "keywords.txt", "keyword-spotter")]
    [InlineData("spots", "keywords_raw.txt", "keyword-spotter")]
    [InlineData("sherpa-onnx-kws-zipformer", "README.md", "keyword-spotter")]
    [InlineData("writes", "hotwords.txt", "streaming-transducer")]
    public void It_is_told_from_one_that_writes_by_what_lies_beside_it(string name, string beside, string kind)
    {
        var folder = TinySpotter.Write(workers.Place, name);
        File.Move(Path.Combine(folder, "keywords.txt"), Path.Combine(folder, beside));
        SpeechFolders.Find(workers.Place, name)!.Kind.ShouldBe(kind);
    }

    /// <summary>Source: sentencepiece_model.proto.</summary>
    static byte[] SentencePieces(int type, Dictionary<string, float> scores)
    {
        static byte[] Message(int field, byte[] content) => [(byte)((field << 3) | 2), (byte)content.Length, .. content];
        return
        [
            // Control pieces are no pieces of words.
            .. Message(1, [.. Message(1, "<blk>"u8.ToArray()), 0x18, 3]),
            .. scores.SelectMany(one => Message(1, [.. Message(1, Encoding.UTF8.GetBytes(one.Key)), 0x15, .. BitConverter.GetBytes(one.Value)])),
            .. Message(2, [0x18, (byte)type, 0x20, 100]),
        ];
    }
}
