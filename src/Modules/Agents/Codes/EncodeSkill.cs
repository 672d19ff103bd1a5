using System.Security.Cryptography;
using System.Text;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Text;

namespace JeanTrail.Agents.Codes;

/// <summary>Base64 and URL encoding both ways, and digests.</summary>
internal sealed class EncodeSkill : IInstantSkill
{
    public string Id => "encode";

    public Answer? Try(SkillCall call)
    {
        if (call.GivenText() is not { } text)
            return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        var result = call.Tag switch
        {
            "base64" => Convert.ToBase64String(bytes),
            "unbase64" => FromBase64(text),
            "url" => Uri.EscapeDataString(text),
            "unurl" => FromUrl(text),
            "sha256" => Convert.ToHexStringLower(SHA256.HashData(bytes)),
            "sha512" => Convert.ToHexStringLower(SHA512.HashData(bytes)),
            // CA5350, CA5351: asked for by name, for checksums of old files; nothing of ours rests on them.
#pragma warning disable CA5350, CA5351
            "sha1" => Convert.ToHexStringLower(SHA1.HashData(bytes)),
            _ => Convert.ToHexStringLower(MD5.HashData(bytes)),
#pragma warning restore CA5350, CA5351
        };
        return result is null ? call.Say("invalid") : new Answer(Fenced.Of(result), call.Say("spoken"));
    }

    static string? FromBase64(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/').ReplaceLineEndings("").TrimEnd('=');
        var buffer = new byte[plain.Length];
        if (!Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), buffer, out var written))
            return null;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, written);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    static string? FromUrl(string text)
    {
        var decoded = Uri.UnescapeDataString(text.Replace('+', ' '));
        return decoded == text ? null : decoded;
    }
}
