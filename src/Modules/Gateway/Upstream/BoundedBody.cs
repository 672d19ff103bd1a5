namespace JeanTrail.Gateway.Upstream;

/// <summary>Reads a whole body of a server that is not trusted to be brief.</summary>
internal static class BoundedBody
{
    /// <exception cref="InvalidDataException">The body is larger than <paramref name="maxBytes"/>.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancel)
    {
        if (content.Headers.ContentLength > maxBytes)
            throw new InvalidDataException("The body is too large.");
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var buffer = new byte[Math.Min(4096, maxBytes + 1)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
            if (length > maxBytes)
                throw new InvalidDataException("The body is too large.");
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxBytes + 1));
        }
    }
}
