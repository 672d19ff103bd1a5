using System.Runtime.InteropServices;
using System.Text;

namespace JeanTrail.Testing.Onnx;

/// <summary>The kinds of values in a graph.</summary>
public enum OnnxType
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
}

/// <summary>A whole number, or several, beside a node.</summary>
public readonly record struct OnnxAttribute
{
    const int Int = 2;
    const int Ints = 7;

    internal byte[] Content { get; private init; }

    internal int Kind { get; private init; }

    public static implicit operator OnnxAttribute(int value) => new() { Content = OnnxFile.Number(3, value), Kind = Int };

    public static implicit operator OnnxAttribute(int[] values) => new() { Content = [.. values.SelectMany(value => OnnxFile.Number(8, value))], Kind = Ints };
}

/// <summary>Writes small ONNX files. Source: onnx.proto, of which it knows what is needed here.</summary>
public sealed class OnnxFile
{
    const int Varint = 0;
    const int Length = 2;

    readonly List<byte[]> graph = [];
    readonly List<byte[]> metadata = [];

    /// <summary>What the file says of itself.</summary>
    public void Set(string key, string value) => metadata.Add(Message(14, [.. Text(1, key), .. Text(2, value)]));

    public void AddNode(string operation, string[] inputs, string output, params (string Name, OnnxAttribute Value)[] attributes)
        => graph.Add(Message(1,
        [
            .. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(4, operation),
            .. attributes.SelectMany(one => Message(5, [.. Text(1, one.Name), .. one.Value.Content, .. Number(20, one.Value.Kind)])),
        ]));

    public void AddConstant(string name, int[] dimensions, float[] values)
        => AddConstant(name, OnnxType.Float, dimensions, MemoryMarshal.AsBytes<float>(values));

    public void AddConstant(string name, long[] values)
        => AddConstant(name, OnnxType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    /// <param name="dimensions">0 is one that is known only at run time.</param>
    public void AddInput(string name, OnnxType type, params int[] dimensions) => graph.Add(Message(11, Value(name, type, dimensions)));

    public void AddOutput(string name, OnnxType type, params int[] dimensions) => graph.Add(Message(12, Value(name, type, dimensions)));

    /// <summary>ONNX 1.10, operators of version 13.</summary>
    public byte[] ToBytes()
        => [.. Number(1, 8), .. Message(7, [.. graph.SelectMany(part => part), .. Text(2, "tiny")]), .. Message(8, Number(2, 13)), .. metadata.SelectMany(entry => entry)];

    void AddConstant(string name, OnnxType type, int[] dimensions, ReadOnlySpan<byte> values)
        => graph.Add(Message(5, [.. dimensions.SelectMany(size => Number(1, size)), .. Number(2, (int)type), .. Text(8, name), .. Message(9, values.ToArray())]));

    static byte[] Value(string name, OnnxType type, int[] dimensions)
    {
        var shape = dimensions.SelectMany((size, at) => Message(1, size > 0 ? Number(1, size) : Text(2, $"{name}_{at}"))).ToArray();
        return [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, (int)type), .. Message(2, shape)]))];
    }

    static byte[] Text(int field, string value) => Message(field, Encoding.UTF8.GetBytes(value));

    internal static byte[] Number(int field, int value) => [.. Integer((field << 3) | Varint), .. Integer(value)];

    static byte[] Message(int field, byte[] content) => [.. Integer((field << 3) | Length), .. Integer(content.Length), .. content];

    static byte[] Integer(int value)
    {
        // A negative number is written in 64 bits.
        var bytes = new List<byte>(10);
        var rest = (ulong)(long)value;
        for (; rest >= 0x80; rest >>= 7)
            bytes.Add((byte)(rest | 0x80));
        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
