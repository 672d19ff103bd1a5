using System.Text;
using Microsoft.Win32.SafeHandles;

namespace JeanTrail.Accounts.Passwords;

/// <summary>Looks a hash up in a sorted text file of lines <c>SHA1:count</c>, of any size: it reads a few dozen small pieces of it.</summary>
internal static class HashList
{
    const int HashLength = 40;

    /// <summary>Longer than any line: a hash, a colon, a count, and the end of the line.</summary>
    const int WindowBytes = 128;

    /// <param name="hash">40 hexadecimal digits in upper case.</param>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    internal static async Task<bool> ContainsAsync(string path, string hash, CancellationToken cancel)
    {
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous | FileOptions.RandomAccess);

        // What is looked for begins in [low, high), and a line begins at low.
        var (low, high) = (0L, RandomAccess.GetLength(file));
        var window = new byte[WindowBytes];
        while (low < high)
        {
            var start = await LineStartAsync(file, low, low + ((high - low) / 2), window, cancel);
            var read = await RandomAccess.ReadAsync(file, window, start, cancel);
            var line = Encoding.ASCII.GetString(window, 0, read);
            if (line.Length < HashLength || !IsHash(line.AsSpan(0, HashLength)))
                throw new InvalidDataException("The file of hashes has a line that is none.");
            var order = string.Compare(line, 0, hash, 0, HashLength, StringComparison.OrdinalIgnoreCase);
            if (order == 0)
                return true;
            if (order > 0)
            {
                high = start;
                continue;
            }

            var end = line.IndexOf('\n', StringComparison.Ordinal);
            if (end < 0 && read == WindowBytes)
                throw new InvalidDataException("The file of hashes has a line that is too long.");
            low = end < 0 ? high : start + end + 1;
        }

        return false;
    }

    /// <summary>Where the line begins that <paramref name="middle"/> is in.</summary>
    static async Task<long> LineStartAsync(SafeFileHandle file, long low, long middle, byte[] window, CancellationToken cancel)
    {
        var from = Math.Max(low, middle - WindowBytes);
        var length = (int)(middle - from);
        if (length == 0)
            return low;
        var read = await RandomAccess.ReadAsync(file, window.AsMemory(0, length), from, cancel);
        var end = window.AsSpan(0, read).LastIndexOf((byte)'\n');
        if (end < 0 && from > low)
            throw new InvalidDataException("The file of hashes has a line that is too long.");
        return end < 0 ? low : from + end + 1;
    }

    static bool IsHash(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
                return false;
        }

        return true;
    }
}
