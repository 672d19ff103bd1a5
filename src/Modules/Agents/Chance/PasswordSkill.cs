using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Chance;

/// <summary>Passwords, passphrases, PINs and UUIDs, from the system's cryptographic generator. Nothing is kept.</summary>
internal sealed class PasswordSkill : IInstantSkill
{
    // Without the characters people mix up: 0 O o, 1 l I.
    const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
    const string Numerals = "23456789";
    const string Signs = "!#$%&*+-=?@_";
    static readonly SearchValues<char> AnyLetter = SearchValues.Create(Letters);
    static readonly SearchValues<char> AnyNumeral = SearchValues.Create(Numerals);
    static readonly SearchValues<char> AnySign = SearchValues.Create(Signs);
    const int DefaultLength = 20;
    const int PassphraseWords = 5;

    public string Id => "password";

    public Answer? Try(SkillCall call)
    {
        if (call.Tag == "uuid")
            return Show(call, RandomUuid());
        if (call.Tag == "phrase")
            return Show(call, string.Join('-', Enumerable.Range(0, PassphraseWords).Select(_ => Proquint())));
        var length = call.Tag == "pin" ? 6 : DefaultLength;
        if (call.Slot("n") is { } n && !NumberReader.TryInt(call.Utterance, n, call.Tongue, call.Tag == "pin" ? 4 : 8, 128, out length))
            return call.Say("length", call.Numbers.Digits(call.Tag == "pin" ? 4 : 8), call.Numbers.Digits(128));
        return Show(call, call.Tag == "pin" ? RandomNumberGenerator.GetString("0123456789", length) : Password(length));
    }

    static Answer Show(SkillCall call, string secret) => new(call.Say("result", secret), call.Say("spoken"));

    /// <summary>At least one letter, numeral and sign: drawn again until it has them, which keeps every such password equally likely.</summary>
    static string Password(int length)
    {
        while (true)
        {
            var drawn = RandomNumberGenerator.GetString(Letters + Numerals + Signs, length);
            if (drawn.AsSpan().ContainsAny(AnyLetter) && drawn.AsSpan().ContainsAny(AnyNumeral) && drawn.AsSpan().ContainsAny(AnySign))
                return drawn;
        }
    }

    /// <summary>A version 4 UUID; as an answer for the person it must be unpredictable.</summary>
    static string RandomUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Sixteen random bits as a word that can be said. Source: Wilkerson, A Proposal for Proquints (2009).</summary>
    static string Proquint()
    {
        const string Consonants = "bdfghjklmnprstvz";
        const string Vowels = "aiou";
        Span<byte> bytes = stackalloc byte[2];
        RandomNumberGenerator.Fill(bytes);
        int bits = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return string.Concat(Consonants[bits >> 12], Vowels[(bits >> 10) & 3], Consonants[(bits >> 6) & 15], string.Concat(Vowels[(bits >> 4) & 3], Consonants[bits & 15]));
    }
}
