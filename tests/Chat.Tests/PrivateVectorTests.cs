using System.Security.Cryptography;
using System.Text.Json;
using JeanTrail.Chat.Private;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>Boxes and wrapped keys of both sides, committed: what the server seals browsers open, and the other way round. The client's tests read the same file.</summary>
public sealed class PrivateVectorTests
{
    static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(PathOfVectors())).RootElement;

    [Theory]
    [InlineData("server")]
    [InlineData("browser")]
    public void Boxes_of_either_side_open(string side)
    {
        using var reader = PrivateReader.Of(Vectors.GetProperty("pkcs8").GetBytesFromBase64());
        Convert.ToBase64String(reader.PublicKey).ShouldBe(Vectors.GetProperty("publicKey").GetString());
        foreach (var box in Vectors.GetProperty(side).GetProperty("boxes").EnumerateArray())
            reader.Open(box.GetProperty("box").GetString()!, box.GetProperty("place").GetString()!).ShouldBe(box.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("server")]
    [InlineData("browser")]
    public void Keys_wrapped_by_either_side_open(string side)
    {
        var publicKey = Vectors.GetProperty("publicKey").GetString()!;
        var wrapping = Vectors.GetProperty(side).GetProperty("wrapping");
        using var reader = PrivateReader.Unwrap(wrapping, publicKey, Vectors.GetProperty("passphrase").GetString()!);

        Convert.ToBase64String(reader.PublicKey).ShouldBe(publicKey);
        Should.Throw<AuthenticationTagMismatchException>(() => PrivateReader.Unwrap(wrapping, publicKey, "another"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Herons wade.")]
    [InlineData("Русский, العربية, Việt, 🪶")]
    public void What_the_server_seals_opens_with_the_private_half_only(string text)
    {
        using var reader = PrivateReader.New();
        using var other = PrivateReader.New();
        var box = SealedBox.Seal(reader.PublicKey, "message:1", text);

        reader.Open(Convert.ToBase64String(box), "message:1").ShouldBe(text);
        Should.Throw<AuthenticationTagMismatchException>(() => other.Open(Convert.ToBase64String(box), "message:1"));
        Should.Throw<AuthenticationTagMismatchException>(() => reader.Open(Convert.ToBase64String(box), "message:2"));
        box[^1] ^= 1;
        Should.Throw<AuthenticationTagMismatchException>(() => reader.Open(Convert.ToBase64String(box), "message:1"));
        SealedBox.Seal(reader.PublicKey, "message:1", text).ShouldNotBe(SealedBox.Seal(reader.PublicKey, "message:1", text));
    }

    static string PathOfVectors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "tests", "private-vectors.json") is var path && File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("tests/private-vectors.json");
    }
}
