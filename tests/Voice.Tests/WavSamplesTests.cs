using System.Buffers.Binary;
using JeanTrail.Contracts.Voice;

namespace JeanTrail.Voice.Tests;

public sealed class WavSamplesTests
{
    const int Longest = 10 * 32_000;

    [Theory]
    [InlineData(8_000, 1)]
    [InlineData(16_000, 2)]
    [InlineData(22_050, 1)]
    [InlineData(44_100, 2)]
    [InlineData(48_000, 1)]
    [InlineData(192_000, 8)]
    public async Task A_tone_is_the_same_tone_at_16_kHz(int rate, int channels)
    {
        var made = (await ReadAsync(Wav(rate, channels, 2.5, 440))).ShouldNotBeNull();
        made.Length.ShouldBeInRange(40_000 - 2, 40_000 + 2);
        // Away from the borders, where there was silence before.
        for (var at = 1_000; at < 39_000; at += 37)
            ((double)made[at]).ShouldBe(8_000 * Math.Sin(2 * Math.PI * 440 * at / 16_000), 80, $"sample {at}");
    }

    [Fact]
    public async Task What_the_new_rate_has_no_room_for_is_left_out()
    {
        var made = (await ReadAsync(Wav(44_100, 1, 1, 12_000))).ShouldNotBeNull();
        made.Skip(1_000).Take(14_000).Max(sample => Math.Abs((int)sample)).ShouldBeLessThan(80);
    }

    [Fact]
    public async Task More_than_it_may_be_is_not_read_on()
    {
        using var output = new MemoryStream();
        (await WavSamples.WriteAsync(new MemoryStream(Wav(16_000, 1, 12, 440)), output, Longest, default)).ShouldBe(false);
        output.Length.ShouldBeLessThanOrEqualTo(Longest);
    }

    [Fact]
    public async Task A_file_that_is_cut_or_damaged_anywhere_is_read_as_far_as_it_goes_or_refused()
    {
        var random = new Random(11);
        var whole = Wav(8_000, 2, 0.2, 300);
        for (var at = 0; at < whole.Length; at += at < 60 ? 1 : 97)
            _ = await ReadAsync(whole[..at]);
        for (var time = 0; time < 300; time++)
        {
            var damaged = whole.ToArray();
            for (var hits = 0; hits < 3; hits++)
                damaged[random.Next(60)] = (byte)random.Next(256);
            _ = await ReadAsync(damaged);
        }

        (await ReadAsync([.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEdata"u8, 255, 255, 255, 255, 1, 2, 3])).ShouldBeNull("it does not say of what kind it is");
        (await ReadAsync(whole.AsSpan(0, 45).ToArray())).ShouldBe([], "half a sample is none");
    }

    static async Task<short[]?> ReadAsync(byte[] wav)
    {
        using var output = new MemoryStream();
        if (await WavSamples.WriteAsync(new MemoryStream(wav), output, Longest, default) is not { })
            return null;
        var bytes = output.ToArray();
        return [.. Enumerable.Range(0, bytes.Length / 2).Select(at => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at * 2)))];
    }

    static byte[] Wav(int rate, int channels, double seconds, double tone)
    {
        var data = new byte[(int)(rate * seconds) * channels * 2];
        for (var at = 0; at < data.Length / 2; at++)
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(at * 2), (short)(8_000 * Math.Sin(2 * Math.PI * tone * (at / channels) / rate)));
        var header = WavHeader.For(rate, data.Length);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(2 * channels));
        return [.. header, .. data];
    }
}
