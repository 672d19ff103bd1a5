using System.Buffers.Binary;
using System.Text;

namespace JeanTrail.Testing.Gguf;

/// <summary>The kinds of weights that are written.</summary>
public enum GgufType : uint
{
    F32 = 0,
    F16 = 1,
    Q8_0 = 8,
    Q4_K = 12,
}

/// <summary>Writes GGUF files of version 3 in one pass. Source: the GGUF specification.</summary>
public sealed class GgufFile
{
    const int Alignment = 32;

    readonly List<byte[]> pairs = [];
    readonly List<Tensor> tensors = [];

    public void Set(string key, string value) => Add(key, 8, writer => Text(writer, value));

    public void Set(string key, uint value) => Add(key, 4, writer => writer.Write(value));

    public void Set(string key, float value) => Add(key, 6, writer => writer.Write(value));

    public void Set(string key, bool value) => Add(key, 7, writer => writer.Write(value));

    public void Set(string key, IReadOnlyCollection<string> values) => Add(key, 9, writer =>
    {
        writer.Write(8u);
        writer.Write((ulong)values.Count);
        foreach (var value in values)
            Text(writer, value);
    });

    public void Set(string key, IReadOnlyCollection<int> values) => Add(key, 9, writer =>
    {
        writer.Write(5u);
        writer.Write((ulong)values.Count);
        foreach (var value in values)
            writer.Write(value);
    });

    /// <param name="dimensions">The fastest first.</param>
    /// <param name="row">Fills a row of the first dimension; it is given the row's number.</param>
    public void Add(string name, GgufType type, int[] dimensions, Action<long, Span<float>> row) => tensors.Add(new Tensor(name, type, dimensions, row));

    public void Write(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1024 * 1024);
        Write(file);
    }

    public void Write(Stream stream)
    {
        var head = new MemoryStream();
        using (var writer = new BinaryWriter(head, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(3u);
            writer.Write((ulong)tensors.Count);
            writer.Write((ulong)pairs.Count);
            foreach (var pair in pairs)
                writer.Write(pair);
            ulong offset = 0;
            foreach (var tensor in tensors)
            {
                Text(writer, tensor.Name);
                writer.Write((uint)tensor.Dimensions.Length);
                foreach (var dimension in tensor.Dimensions)
                    writer.Write((ulong)dimension);
                writer.Write((uint)tensor.Type);
                writer.Write(offset);
                offset += (ulong)Padded(tensor.Bytes);
            }
        }

        head.SetLength(Padded(head.Length));
        head.WriteTo(stream);
        foreach (var tensor in tensors)
            WriteTensor(stream, tensor);
    }

    static void WriteTensor(Stream stream, Tensor tensor)
    {
        var values = new float[tensor.Dimensions[0]];
        var bytes = new byte[Quantised.Bytes(tensor.Type, values.Length)];
        for (var row = 0L; row < tensor.Rows; row++)
        {
            tensor.Row(row, values);
            Quantised.Write(tensor.Type, values, bytes);
            stream.Write(bytes);
        }

        stream.Write(new byte[Padded(tensor.Bytes) - tensor.Bytes]);
    }

    void Add(string key, uint type, Action<BinaryWriter> value)
    {
        var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            Text(writer, key);
            writer.Write(type);
            value(writer);
        }

        pairs.Add(bytes.ToArray());
    }

    static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    sealed record Tensor(string Name, GgufType Type, int[] Dimensions, Action<long, Span<float>> Row)
    {
        internal long Rows => Dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);

        internal long Bytes => Rows * Quantised.Bytes(Type, Dimensions[0]);
    }
}

/// <summary>Rows of weights in the forms that llama.cpp reads. Source: ggml-common.h and ggml-quants.c.</summary>
static class Quantised
{
    const int Q8Block = 32;
    const int K = 256;

    internal static int Bytes(GgufType type, int values) => type switch
    {
        GgufType.F32 => values * 4,
        GgufType.F16 => values * 2,
        GgufType.Q8_0 => values / Q8Block * 34,
        GgufType.Q4_K => values / K * 144,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    internal static void Write(GgufType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        switch (type)
        {
            case GgufType.F32:
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).CopyTo(bytes);
                break;
            case GgufType.F16:
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(i * 2)..], (Half)values[i]);
                break;
            case GgufType.Q8_0:
                for (var block = 0; block < values.Length / Q8Block; block++)
                    WriteQ8(values.Slice(block * Q8Block, Q8Block), bytes.Slice(block * 34, 34));
                break;
            default:
                for (var block = 0; block < values.Length / K; block++)
                    WriteQ4K(values.Slice(block * K, K), bytes.Slice(block * 144, 144));
                break;
        }
    }

    static void WriteQ8(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));
        var scale = largest / 127;
        BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)scale);
        for (var i = 0; i < values.Length; i++)
            bytes[2 + i] = (byte)(sbyte)(scale == 0 ? 0 : Math.Round(values[i] / scale));
    }

    /// <summary>Eight groups of 32 values, each with a 6-bit scale and minimum under the block's two.</summary>
    static void WriteQ4K(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        Span<float> scales = stackalloc float[8];
        Span<float> minima = stackalloc float[8];
        for (var group = 0; group < 8; group++)
        {
            var (low, high) = (0f, float.MinValue);
            foreach (var value in values.Slice(group * 32, 32))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            scales[group] = Math.Max(high - low, 0) / 15;
            minima[group] = -low;
        }

        var (scale, minimum) = (Largest(scales) / 63, Largest(minima) / 63);
        BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)scale);
        BinaryPrimitives.WriteHalfLittleEndian(bytes[2..], (Half)minimum);
        Span<byte> scaleBits = stackalloc byte[8];
        Span<byte> minimumBits = stackalloc byte[8];
        for (var group = 0; group < 8; group++)
        {
            scaleBits[group] = Step(scales[group], scale, 63);
            minimumBits[group] = Step(minima[group], minimum, 63);
        }

        Pack(scaleBits, minimumBits, bytes.Slice(4, 12));
        for (var pair = 0; pair < 4; pair++)
        {
            for (var i = 0; i < 32; i++)
            {
                var low = Value(values[pair * 64 + i], scaleBits[pair * 2] * scale, minimumBits[pair * 2] * minimum);
                var high = Value(values[pair * 64 + 32 + i], scaleBits[pair * 2 + 1] * scale, minimumBits[pair * 2 + 1] * minimum);
                bytes[16 + pair * 32 + i] = (byte)(low | high << 4);
            }
        }
    }

    /// <summary>The first four groups take six bits of a byte each; the upper two bits hold the rest of the last four.</summary>
    static void Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minima, Span<byte> bytes)
    {
        for (var group = 0; group < 4; group++)
        {
            bytes[group] = (byte)(scales[group] | scales[group + 4] >> 4 << 6);
            bytes[group + 4] = (byte)(minima[group] | minima[group + 4] >> 4 << 6);
            bytes[group + 8] = (byte)(scales[group + 4] & 0xF | (minima[group + 4] & 0xF) << 4);
        }
    }

    static byte Value(float value, float scale, float minimum) => Step(value + minimum, scale, 15);

    static byte Step(float value, float scale, int most) => scale == 0 ? (byte)0 : (byte)Math.Clamp(Math.Round(value / scale), 0, most);

    static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }
}
