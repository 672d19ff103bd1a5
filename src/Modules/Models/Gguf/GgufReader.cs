using System.Buffers.Binary;
using System.Text;

namespace JeanTrail.Models.Gguf;

/// <summary>
/// Reads the head of a GGUF file and holds it against the file's length, so that a truncated, wrong or hostile file is refused before native
/// code sees it. Takes no memory that the file only claims to need. Source: GGUF specification, version 3.
/// </summary>
internal sealed class GgufReader
{
    const int MaxKeys = 10_000;
    const int MaxTensors = 100_000;
    const int MaxKeyBytes = 4096;
    const int MaxKeptTextBytes = 64 * 1024;
    const int MaxDimensions = 4;
    const int MaxNesting = 2;

    /// <summary>Larger numbers of layers, heads and dimensions belong to no model; they would only make estimates overflow.</summary>
    const long MaxSensible = 1L << 24;

    readonly Stream stream;
    readonly long length;
    readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    GgufReader(Stream stream)
    {
        this.stream = stream;
        length = stream.Length;
    }

    /// <exception cref="GgufException">It is no GGUF file that can be used.</exception>
    internal static GgufHeader Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.SequentialScan);
        return Read(file);
    }

    /// <inheritdoc cref="Read(string)"/>
    internal static GgufHeader Read(Stream stream)
    {
        try
        {
            return new GgufReader(stream).ReadHeader();
        }
        catch (EndOfStreamException)
        {
            throw new GgufException("The file ends in the middle of its head.");
        }
    }

    GgufHeader ReadHeader()
    {
        if (ReadUInt32() != 0x46554747)
            throw new GgufException("This is no GGUF file.");
        var version = ReadUInt32();
        if (version is not (2 or 3))
            throw new GgufException($"This is GGUF version {version}; 2 and 3 are known.");
        var tensors = ReadUInt64();
        var keys = ReadUInt64();
        if (tensors is 0 or > MaxTensors || keys > MaxKeys)
            throw new GgufException("The file claims to hold more than any model does.");
        for (var i = 0UL; i < keys; i++)
            ReadPair();
        var totals = ReadTensors((int)tensors);
        return Describe(totals);
    }

    void ReadPair()
    {
        var key = ReadText(MaxKeyBytes);
        var type = ReadUInt32();
        if (!values.TryAdd(key, ReadValue(type, nesting: 0)))
            throw new GgufException($"The file says {Printable(key)} twice.");
    }

    object ReadValue(uint type, int nesting) => type switch
    {
        0 => (long)ReadByte(),
        1 => (long)(sbyte)ReadByte(),
        2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(stackalloc byte[2])),
        3 => (long)BinaryPrimitives.ReadInt16LittleEndian(Take(stackalloc byte[2])),
        4 => (long)ReadUInt32(),
        5 => (long)(int)ReadUInt32(),
        6 => (double)BinaryPrimitives.ReadSingleLittleEndian(Take(stackalloc byte[4])),
        7 => ReadByte() != 0,
        8 => ReadText(int.MaxValue),
        9 => ReadArray(nesting),
        10 => (long)Math.Min(ReadUInt64(), long.MaxValue),
        11 => (long)ReadUInt64(),
        12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(stackalloc byte[8])),
        _ => throw new GgufException("The file holds a kind of value that is not known."),
    };

    /// <summary>Arrays are walked over: the vocabulary is the engine's business. Of numbers the largest is kept, for heads that differ by layer.</summary>
    long ReadArray(int nesting)
    {
        if (nesting >= MaxNesting)
            throw new GgufException("The file nests lists too deeply.");
        var type = ReadUInt32();
        var count = ReadUInt64();
        if (count > (ulong)(length - stream.Position))
            throw new GgufException("The file claims a list that is longer than itself.");
        long largest = 0;
        for (var i = 0UL; i < count; i++)
        {
            if (type == 8)
                SkipText();
            else if (ReadValue(type, nesting + 1) is long number)
                largest = Math.Max(largest, number);
        }

        return largest;
    }

    Totals ReadTensors(int count)
    {
        var alignment = Math.Clamp(Number("general.alignment") ?? 32, 1, 1 << 20);
        var totals = new Totals();
        long furthest = 0;
        for (var i = 0; i < count; i++)
        {
            var name = ReadText(MaxKeyBytes);
            var dimensions = ReadUInt32();
            if (dimensions is 0 or > MaxDimensions)
                throw new GgufException($"The tensor {Printable(name)} has {dimensions} dimensions.");
            var elements = 1L;
            long row = 0;
            for (var d = 0; d < dimensions; d++)
            {
                var size = ReadUInt64();
                if (size is 0 or > int.MaxValue || elements > long.MaxValue / (long)size / 8)
                    throw new GgufException($"The tensor {Printable(name)} has a size that cannot be.");
                elements *= (long)size;
                row = d == 0 ? (long)size : row;
            }

            var type = ReadUInt32();
            if (GgufTypes.Find(type) is not { } block)
                throw new GgufException($"The tensor {Printable(name)} has a type ({type}) that is not known.");
            if (row % block.Values != 0)
                throw new GgufException($"The tensor {Printable(name)} does not fill its blocks.");
            var offset = ReadUInt64();
            if (offset > (ulong)length || offset % (ulong)alignment != 0)
                throw new GgufException($"The tensor {Printable(name)} is said to be outside of the file.");
            furthest = Math.Max(furthest, (long)offset + elements / block.Values * block.Bytes);
            totals.Add(name, block.Name, elements);
        }

        var data = (stream.Position + alignment - 1) / alignment * alignment;
        if (furthest > length - data)
            throw new GgufException($"The file is not whole: {furthest - (length - data)} bytes are missing.");
        return totals;
    }

    GgufHeader Describe(Totals totals)
    {
        if (values.GetValueOrDefault("general.architecture") is not string { Length: > 0 and <= 64 } architecture || !architecture.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new GgufException("The file does not say what kind of model it is.");
        var layers = Sensible($"{architecture}.block_count") ?? throw new GgufException("The file does not say how many layers it has.");
        var embedding = Sensible($"{architecture}.embedding_length") ?? throw new GgufException("The file does not say how wide it is.");
        var heads = Math.Max(1, Sensible($"{architecture}.attention.head_count") ?? 1);
        var cached = Sensible($"{architecture}.attention.head_count_kv") ?? heads;
        var keyLength = Sensible($"{architecture}.attention.key_length") ?? embedding / heads;
        var valueLength = Sensible($"{architecture}.attention.value_length") ?? embedding / heads;
        return new GgufHeader(
            architecture,
            values.GetValueOrDefault("general.name") as string,
            totals.Quantisation,
            totals.Elements,
            (int)(Sensible($"{architecture}.context_length") ?? 2048),
            (int)layers,
            (int)embedding,
            layers * cached * (keyLength + valueLength) * sizeof(short),
            (int?)Sensible($"{architecture}.pooling_type"),
            totals.HasClassifier,
            values.ContainsKey("tokenizer.chat_template"),
            values.GetValueOrDefault("general.license") as string);
    }

    long? Sensible(string key) => Number(key) is { } number
        ? number is >= 0 and <= MaxSensible ? number : throw new GgufException($"The file says {Printable(key)} is {number}, which cannot be.")
        : null;

    long? Number(string key) => values.GetValueOrDefault(key) as long?;

    string ReadText(int max)
    {
        var size = ReadUInt64();
        if (size > (ulong)(length - stream.Position) || size > (ulong)max)
            throw new GgufException("The file claims a text that is longer than it may be.");
        var kept = new byte[Math.Min((int)Math.Min(size, MaxKeptTextBytes), MaxKeptTextBytes)];
        stream.ReadExactly(kept);
        stream.Seek((long)size - kept.Length, SeekOrigin.Current);
        return Encoding.UTF8.GetString(kept);
    }

    void SkipText()
    {
        var size = ReadUInt64();
        if (size > (ulong)(length - stream.Position))
            throw new GgufException("The file claims a text that is longer than itself.");
        stream.Seek((long)size, SeekOrigin.Current);
    }

    byte ReadByte() => stream.ReadByte() is var value and >= 0 ? (byte)value : throw new EndOfStreamException();

    uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(stackalloc byte[4]));

    ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(stackalloc byte[8]));

    ReadOnlySpan<byte> Take(Span<byte> into)
    {
        stream.ReadExactly(into);
        return into;
    }

    static string Printable(string name)
        => string.Concat(name.Take(60).Select(c => char.IsControl(c) ? '?' : c));

    sealed class Totals
    {
        readonly Dictionary<string, long> byType = new(StringComparer.Ordinal);

        internal long Elements { get; private set; }

        internal bool HasClassifier { get; private set; }

        internal string Quantisation => byType.MaxBy(pair => pair.Value).Key;

        internal void Add(string name, string type, long elements)
        {
            Elements += elements;
            byType[type] = byType.GetValueOrDefault(type) + elements;
            HasClassifier |= name is "cls.weight" or "cls.output.weight";
        }
    }
}
