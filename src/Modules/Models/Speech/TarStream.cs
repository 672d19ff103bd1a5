using System.Formats.Tar;
using System.Globalization;
using System.Text;

namespace JeanTrail.Models.Speech;

/// <summary>
/// What is unpacked of a tar file, as far as it may go: its headers count, too, and none makes the reader set memory aside that nobody has sent. Source: POSIX
/// pax, ustar header block (size at 124, typeflag at 156).
/// </summary>
internal sealed class TarStream(Stream inner, long most) : Stream
{
    const int BlockBytes = 512;
    const int SizeAt = 124;
    const int SizeLength = 11;
    const int TypeAt = 156;
    const int MostExtraBytes = 1 << 20;

    long left = most;
    bool betweenFiles;

    internal TarEntry? Next(TarReader reader)
    {
        betweenFiles = true;
        var entry = reader.GetNextEntry();
        betweenFiles = false;
        return entry;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Gives as much as was asked for, where there is so much: a header comes whole.</summary>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.ReadAtLeast(buffer.AsSpan(offset, count), count, throwOnEndOfStream: false);
        if ((left -= read) < 0)
            throw ArchiveReader.Refused("It would grow out of all proportion.");
        if (betweenFiles && read == BlockBytes && IsTooLong(buffer.AsSpan(offset, read)))
            throw ArchiveReader.Refused("What is said of a file in it is too long.");
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Long names and attributes are read whole into memory of the length the header claims.</summary>
    static bool IsTooLong(ReadOnlySpan<byte> header)
    {
        if ((char)header[TypeAt] is not ('x' or 'g' or 'L' or 'K'))
            return false;
        // A number that is no text of octal digits is a large one.
        if (header[SizeAt] >= 0x80)
            return true;
        var digits = Encoding.ASCII.GetString(header.Slice(SizeAt, SizeLength)).Trim(' ', '\0');
        long size = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
                return false;
            size = size * 8 + int.Parse([digit], NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return size > MostExtraBytes;
    }
}
