using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Models.Speech;
using JeanTrail.Testing.Onnx;

namespace JeanTrail.Models.Tests.Speech;

public sealed class SpeechFoldersTests : IDisposable
{
    readonly string place = Directory.CreateTempSubdirectory("jean-speech-").FullName;

    public void Dispose() => Directory.Delete(place, recursive: true);

    string Folder(string name, params (string File, string? Type)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place, name)).FullName;
        foreach (var (file, type) in files)
        {
            var onnx = new OnnxFile();
            if (type is not null)
                onnx.Set("model_type", type);
            File.WriteAllBytes(Path.Combine(folder, file), file.EndsWith(".onnx", StringComparison.Ordinal) ? onnx.ToBytes() : [1]);
        }

        return folder;
    }

    [Fact]
    public void Models_are_recognised_by_what_is_in_their_folders()
    {
        Folder("whisper-tiny", ("tiny-encoder.onnx", "whisper-tiny"), ("tiny-encoder.int8.onnx", "whisper-tiny"), ("tiny-decoder.onnx", null), ("tiny-decoder.int8.onnx", null), ("tiny-tokens.txt", null));
        Folder("zipformer", ("encoder-epoch-99.int8.onnx", "zipformer2"), ("decoder-epoch-99.onnx", null), ("decoder-epoch-99.int8.onnx", null), ("joiner-epoch-99.onnx", null), ("tokens.txt", null));
        Folder("para", ("model.int8.onnx", "paraformer"), ("tokens.txt", null));
        Folder("sense", ("model.onnx", "sense_voice_ctc"), ("tokens.txt", null));
        Directory.CreateDirectory(Path.Combine(Folder("piper", ("en_US-amy-low.onnx", "vits"), ("tokens.txt", null)), "espeak-ng-data"));
        Folder("kokoro-en", ("model.onnx", "kokoro"), ("voices.bin", null), ("tokens.txt", null));
        Folder("matcha", ("model-steps-3.onnx", "matcha-tts"), ("vocos-22khz-univ.onnx", null), ("tokens.txt", null));

        SpeechFolders.List(place).ToDictionary(model => model.Name, model => model.Kind).ShouldBe(
            new Dictionary<string, string>
            {
                ["kokoro-en"] = "kokoro",
                ["matcha"] = "matcha",
                ["para"] = "paraformer",
                ["piper"] = "vits",
                ["sense"] = "sense-voice",
                ["whisper-tiny"] = "whisper",
                ["zipformer"] = "transducer",
            },
            ignoreOrder: true);
        string? Part(string model, string part) => Path.GetFileName(SpeechFolders.Find(place, model)!.Files.GetValueOrDefault(part));
        Part("whisper-tiny", "encoder").ShouldBe("tiny-encoder.int8.onnx");
        Part("whisper-tiny", "decoder").ShouldBe("tiny-decoder.int8.onnx");
        Part("zipformer", "decoder").ShouldBe("decoder-epoch-99.onnx");
        Part("piper", "data").ShouldBe("espeak-ng-data");
        Part("matcha", "vocoder").ShouldBe("vocos-22khz-univ.onnx");
    }

    [Theory]
    [InlineData("streaming-transducer", "encoder.onnx decoder.onnx joiner.onnx", "decode_chunk_len")]
    [InlineData("streaming-transducer", "encoder.onnx decoder.onnx joiner.onnx", "window_size chunk_shift")]
    [InlineData("streaming-paraformer", "encoder.onnx decoder.onnx", "decoder_num_blocks encoder_output_size")]
    [InlineData("streaming-ctc", "ctc-epoch-20.onnx", "decode_chunk_len")]
    [InlineData("streaming-nemo-ctc", "model.int8.onnx", "window_size chunk_shift")]
    [InlineData("streaming-t-one", "model.onnx", "frame_length_ms state_dim")]
    [InlineData(null, "model.onnx", "window_size")]
    [InlineData(null, "encoder.onnx decoder.onnx", "decode_chunk_len")]
    public void What_writes_while_one_speaks_is_told_by_what_the_file_says(string? kind, string files, string says)
    {
        foreach (var file in files.Split(' '))
        {
            var onnx = new OnnxFile();
            foreach (var key in says.Split(' '))
                onnx.Set(key, "16");
            File.WriteAllBytes(Path.Combine(Folder("streams", ("tokens.txt", null)), file), onnx.ToBytes());
        }

        SpeechFolders.Find(place, "streams")?.Kind.ShouldBe(kind);
        (SpeechFolders.Find(place, "streams") is not null).ShouldBe(kind is not null);
    }

    [Fact]
    public void What_is_incomplete_or_unknown_is_no_model()
    {
        Folder("no-tokens", ("model.onnx", "vits"));
        Folder("no-voices", ("model.onnx", "kokoro"), ("tokens.txt", null));
        Folder("no-vocoder", ("model.onnx", "matcha-tts"), ("tokens.txt", null));
        Folder("half", ("encoder.onnx", "whisper-tiny"), ("tokens.txt", null));
        Folder("unknown", ("model.onnx", "something-new"), ("tokens.txt", null));
        Folder("silent", ("model.onnx", null), ("tokens.txt", null));
        File.WriteAllText(Path.Combine(Folder("text", ("tokens.txt", null)), "model.onnx"), "#!/bin/sh\nrm -rf /\n");
        Folder("empty");
        File.WriteAllText(Path.Combine(place, "a.gguf"), "GGUF");

        SpeechFolders.List(place).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("/etc")]
    [InlineData("A Model")]
    [InlineData("a\nb")]
    public void Names_that_lead_elsewhere_are_no_models(string name)
    {
        TinySpeech.WriteVoice(Path.GetDirectoryName(place)!, Path.GetFileName(place) + "x");
        try
        {
            SpeechFolders.Find(place, name).ShouldBeNull();
            SpeechFolders.Find(place, $"../{Path.GetFileName(place)}x").ShouldBeNull();
        }
        finally
        {
            Directory.Delete(place + "x", recursive: true);
        }
    }

    [Fact]
    public void Links_to_elsewhere_and_names_to_be_quoted_are_refused()
    {
        var whole = TinySpeech.WriteVoice(place, "whole");
        Directory.CreateSymbolicLink(Path.Combine(place, "linked"), whole);
        var inside = TinySpeech.WriteVoice(place, "inside");
        File.Delete(Path.Combine(inside, "tokens.txt"));
        File.CreateSymbolicLink(Path.Combine(inside, "tokens.txt"), "/etc/hostname");
        File.WriteAllText(Path.Combine(TinySpeech.WriteVoice(place, "quoted"), "a,b;$(c).txt"), "");

        SpeechFolders.List(place).ShouldHaveSingleItem().Name.ShouldBe("whole");
    }

    [Fact]
    public void Broken_files_do_no_more_than_say_nothing()
    {
        var path = Path.Combine(place, "noise.onnx");
        var whole = File.ReadAllBytes(Path.Combine(TinySpeech.WriteVoice(place, "whole"), "model.onnx"));
        OnnxMetadata.Read(Path.Combine(place, "whole", "model.onnx")).ShouldNotBeNull()["model_type"].ShouldBe("vits");
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] noise, NonNegativeInt cut, bool head) =>
        {
            File.WriteAllBytes(path, head ? [.. whole[..(cut.Get % whole.Length)], .. noise] : noise);
            _ = OnnxMetadata.Read(path);
        }));
    }
}
