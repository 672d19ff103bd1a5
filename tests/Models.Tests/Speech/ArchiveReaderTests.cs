using System.Formats.Tar;
using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Models.Pulls;
using JeanTrail.Models.Speech;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Archives that a stranger made.</summary>
public sealed class ArchiveReaderTests : IDisposable
{
    readonly string place = Directory.CreateTempSubdirectory("jean-archive-").FullName;

    string Into => Path.Combine(place, "in", "to");

    public void Dispose() => Directory.Delete(place, recursive: true);

    string Unpack(byte[] archive, string ending, ArchiveLimits? limits = null, long keepFree = 0, Func<long>? room = null, Action<long, long>? told = null, CancellationToken cancel = default)
    {
        var path = Path.Combine(place, "archive");
        File.WriteAllBytes(path, archive);
        if (Directory.Exists(Into))
            Directory.Delete(Into, recursive: true);
        Directory.CreateDirectory(Into);
        try
        {
            ArchiveReader.Unpack(path, ending, Into, limits ?? new ArchiveLimits(), new UnpackRoom(keepFree, room, told), cancel);
            return "";
        }
        catch (DownloadException refused)
        {
            return refused.Error.Code;
        }
    }

    [Theory]
    [InlineData(".tar.bz2")]
    [InlineData(".tar.gz")]
    [InlineData(".zip")]
    public void What_was_packed_comes_out(string ending)
    {
        var model = Directory.CreateDirectory(Path.Combine(place, "piper")).FullName;
        Directory.CreateDirectory(Path.Combine(model, "espeak-ng-data", "voices", "!v"));
        File.WriteAllText(Path.Combine(model, "espeak-ng-data", "voices", "!v", "Mr serious"), "name Mr serious");
        File.WriteAllText(Path.Combine(model, "tokens.txt"), "_ 0");

        Unpack(Packed.Folder(model, ending), ending).ShouldBe("");

        File.ReadAllText(Path.Combine(Into, "piper", "espeak-ng-data", "voices", "!v", "Mr serious")).ShouldBe("name Mr serious");
        File.ReadAllText(Path.Combine(Into, "piper", "tokens.txt")).ShouldBe("_ 0");
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("a/../../outside.txt")]
    [InlineData("/tmp/jean-outside.txt")]
    [InlineData("a//b.txt")]
    [InlineData("..\\outside.txt")]
    [InlineData("C:outside.txt")]
    [InlineData("a/b\n.txt")]
    [InlineData("a./b.txt")]
    [InlineData("1/2/3/4/5/6/7/8/9.txt")]
    public void A_name_that_leads_elsewhere_or_is_none_everywhere_is_refused(string name)
    {
        Unpack(Packed.Pack(Packed.Tar(Packed.File(name, [1])), ".tar.gz"), ".tar.gz").ShouldBe("models.unreadable");
        Unpack(Packed.Zip([(name, [1])]), ".zip").ShouldBe("models.unreadable");
        Directory.GetFiles(place, "*", SearchOption.AllDirectories).ShouldBe([Path.Combine(place, "archive")]);
        File.Exists("/tmp/jean-outside.txt").ShouldBeFalse();
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "/etc/passwd")]
    [InlineData(TarEntryType.SymbolicLink, "tokens.txt")]
    [InlineData(TarEntryType.HardLink, "tokens.txt")]
    [InlineData(TarEntryType.Fifo, null)]
    public void Links_and_devices_are_refused(TarEntryType type, string? target)
    {
        var entry = target is null ? new PaxTarEntry(type, "m/x") : Packed.Link(type, "m/x", target);
        Unpack(Packed.Pack(Packed.Tar(Packed.File("m/tokens.txt", [1]), entry), ".tar.bz2"), ".tar.bz2").ShouldBe("models.unreadable");
        Unpack(Packed.Zip([("m/x", "/etc/passwd"u8.ToArray())], mode: 0xA1FF), ".zip").ShouldBe("models.unreadable");
    }

    [Fact]
    public void What_grows_out_of_proportion_has_too_many_files_or_one_twice_is_refused()
    {
        var zeroes = new byte[32 << 20];
        foreach (var ending in new[] { ".tar.gz", ".tar.bz2" })
            Unpack(Packed.Pack(Packed.Tar(Packed.File("m/model.onnx", zeroes)), ending), ending).ShouldBe("models.unreadable");
        Unpack(Packed.Zip([("m/model.onnx", zeroes)]), ".zip").ShouldBe("models.unreadable");
        Directory.GetFiles(Into, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length).ShouldBeLessThan(zeroes.Length / 2);

        var random = new byte[2000];
        new Random(1).NextBytes(random);
        Unpack(Packed.Zip([("m/a", random), ("m/b", random)]), ".zip", new ArchiveLimits(Files: 1)).ShouldBe("models.unreadable");
        Unpack(Packed.Zip([("m/a", random), ("m/b", random)]), ".zip", new ArchiveLimits(Bytes: 3000)).ShouldBe("models.unreadable");
        Unpack(Packed.Zip([("m/a", random), ("m/a", random)]), ".zip").ShouldBe("models.unreadable");
        Unpack(Packed.Zip([("m", random), ("m/a", random)]), ".zip").ShouldBe("models.unreadable");
        Unpack(Packed.Zip([("m/a", random), ("m/a/", [])]), ".zip").ShouldBe("models.unreadable");
    }

    [Theory]
    [InlineData('x', "14000000000")]
    [InlineData('g', "14000000000")]
    [InlineData('L', "14000000000")]
    public void A_header_that_claims_to_be_followed_by_more_than_there_is_room_for_sets_no_memory_aside(char type, string octalSize)
    {
        // Everybody's first entry, turned into one that says: 1.5 GB of attributes follow.
        var tar = Packed.Tar(new UstarTarEntry(TarEntryType.RegularFile, "m/a") { DataStream = new MemoryStream([1]) });
        System.Text.Encoding.ASCII.GetBytes(octalSize).CopyTo(tar, 124);
        tar[156] = (byte)type;
        var sum = tar.Take(512).Select((value, at) => at is >= 148 and < 156 ? ' ' : (int)value).Sum();
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, 148);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Unpack(Packed.Pack(tar, ".tar.gz"), ".tar.gz").ShouldBe("models.unreadable");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 << 20);
    }

    [Fact]
    public void A_full_disk_is_said_and_a_call_off_ends_it()
    {
        var archive = Packed.Zip([("m/a", [1, 2, 3])]);
        Unpack(archive, ".zip", keepFree: long.MaxValue / 2).ShouldBe("models.disk_full");
        Should.Throw<OperationCanceledException>(() => Unpack(archive, ".zip", cancel: new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(".tar.bz2")]
    [InlineData(".tar.gz")]
    [InlineData(".zip")]
    public void How_far_it_is_is_told_and_what_all_models_may_take_is_kept(string ending)
    {
        var random = new byte[600_000];
        new Random(3).NextBytes(random);
        var whole = ending == ".zip" ? Packed.Zip([("m/a", random), ("m/b", random)]) : Packed.Pack(Packed.Tar(Packed.File("m/a", random), Packed.File("m/b", random)), ending);
        var told = new List<(long Done, long All)>();
        Unpack(whole, ending, room: () => 1_200_000, told: (done, all) => told.Add((done, all))).ShouldBe("");
        told.ShouldAllBe(one => one.All == whole.Length && one.Done <= one.All);
        told.Select(one => one.Done).ShouldBeInOrder();
        told.ShouldContain(one => one.Done > 0 && one.Done < one.All * 3 / 4);
        told[^1].Done.ShouldBeGreaterThan(whole.Length * 3 / 4);

        Unpack(whole, ending, room: () => 1_199_999).ShouldBe("models.library_full");
        Unpack(whole, ending, room: () => -1).ShouldBe("models.library_full");
    }

    [Theory]
    [InlineData(".tar.bz2")]
    [InlineData(".tar.gz")]
    [InlineData(".zip")]
    public void Broken_archives_are_refused_and_do_no_more(string ending)
    {
        var random = new byte[5000];
        new Random(2).NextBytes(random);
        var whole = ending == ".zip" ? Packed.Zip([("m/a", random)]) : Packed.Pack(Packed.Tar(Packed.File("m/a", random)), ending);
        Unpack(whole[..(whole.Length / 2)], ending).ShouldBe("models.unreadable");
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] noise, NonNegativeInt at, bool head) =>
        {
            var cut = at.Get % whole.Length;
            byte[] broken = head ? [.. whole[..cut], .. noise, .. whole[Math.Min(whole.Length, cut + noise.Length)..]] : noise;
            return Unpack(broken, ending) is "" or "models.unreadable";
        }));
    }
}
