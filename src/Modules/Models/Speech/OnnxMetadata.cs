using System.Text;

namespace JeanTrail.Models.Speech;

/// <summary>
/// What an ONNX file says of itself. Its graph is stepped over, nothing of it is loaded. Source: onnx.proto, message ModelProto (7 graph, 14 metadata_props).
/// </summary>
internal static class OnnxMetadata
{
    const int MaxFields = 4096;
    const int MaxEntryBytes = 256 * 1024;
    const int Graph = 7;
    const int MetadataProps = 14;
    const int Key = 1;
    const int Value = 2;

    /// <summary>Null when it is no ONNX file.</summary>
    internal static IReadOnlyDictionary<string, string>? Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096);
        try
        {
            var entries = new Dictionary<string, string>(StringComparer.Ordinal);
            var graph = false;
            for (var fields = 0; file.Position < file.Length; fields++)
            {
                var (number, wire) = ReadTag(file);
                if (fields == MaxFields || (fields == 0 && number is 0 or > MetadataProps))
                    return null;
                if (wire != WireLength)
                {
                    Skip(file, wire);
                    continue;
                }

                var length = ReadLength(file);
                graph |= number == Graph;
                if (number == MetadataProps && length <= MaxEntryBytes)
                    AddEntry(file, length, entries);
                else
                    file.Position += length;
            }

            return graph ? entries : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    const int WireVarint = 0;
    const int WireFixed64 = 1;
    const int WireLength = 2;
    const int WireFixed32 = 5;

    static void AddEntry(FileStream file, long length, Dictionary<string, string> entries)
    {
        var end = file.Position + length;
        var (key, value) = ("", "");
        while (file.Position < end)
        {
            var (number, wire) = ReadTag(file);
            if (wire != WireLength)
            {
                Skip(file, wire);
                continue;
            }

            var size = ReadLength(file);
            if (file.Position + size > end)
                throw new InvalidDataException();
            var bytes = new byte[size];
            file.ReadExactly(bytes);
            if (number == Key)
                key = Encoding.UTF8.GetString(bytes);
            else if (number == Value)
                value = Encoding.UTF8.GetString(bytes);
        }

        entries[key] = value;
    }

    static (int Number, int Wire) ReadTag(FileStream file)
    {
        var tag = ReadVarint(file);
        return tag >> 3 > int.MaxValue ? throw new InvalidDataException() : ((int)(tag >> 3), (int)(tag & 7));
    }

    /// <summary>Never more than the file has left.</summary>
    static long ReadLength(FileStream file)
    {
        var length = ReadVarint(file);
        return length > (ulong)(file.Length - file.Position) ? throw new InvalidDataException() : (long)length;
    }

    static void Skip(FileStream file, int wire)
    {
        switch (wire)
        {
            case WireVarint:
                ReadVarint(file);
                break;
            case WireFixed64:
                file.Position += sizeof(ulong);
                break;
            case WireFixed32:
                file.Position += sizeof(uint);
                break;
            default:
                throw new InvalidDataException();
        }
    }

    static ulong ReadVarint(FileStream file)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
                throw new InvalidDataException();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException();
    }
}
