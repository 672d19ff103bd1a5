using System.IO.Compression;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace JeanTrail.Kernel.Http;

/// <summary>
/// Bodies that come compressed with gzip, at the addresses that say so. What comes out is bounded twice: by the body limit of the address, as
/// if it had come as it is, and by how far it may unpack, so that a small bomb costs no more than a small file.
/// Source: RFC 9110 §8.4 and §12.5.3.
/// </summary>
public static class CompressedBodies
{
    /// <summary>Lets a POST to <paramref name="pattern"/> come compressed; an OPTIONS request there tells browsers so with <c>Accept-Encoding: gzip</c>.</summary>
    /// <param name="name">Of that OPTIONS endpoint.</param>
    public static RouteHandlerBuilder AcceptGzip(this RouteHandlerBuilder endpoint, IEndpointRouteBuilder routes, string pattern, string name)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        routes.MapMethods(pattern, [HttpMethods.Options], static (HttpResponse response) =>
        {
            response.Headers.AcceptEncoding = Gzip;
            return TypedResults.NoContent();
        }).WithName(name).ExcludeFromDescription();
        return endpoint.WithMetadata(GzipAccepted.Instance);
    }

    internal const string Gzip = "gzip";

    internal sealed class GzipAccepted
    {
        internal static readonly GzipAccepted Instance = new();
    }
}

/// <summary>Puts the unpacked body in the place of the compressed one, and refuses those that an address does not take.</summary>
internal sealed class CompressedBodiesMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var encoding = request.Headers.ContentEncoding;
        if (encoding.Count == 0 || !KernelPaths.IsApi(request.Path))
        {
            await next(context);
            return;
        }

        var endpoint = context.GetEndpoint();
        var accepted = endpoint?.Metadata.GetMetadata<CompressedBodies.GzipAccepted>() is not null;
        // Those who unpack nothing would store what they cannot read.
        if (!accepted || encoding is not [{ } only] || !only.Equals(CompressedBodies.Gzip, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.AcceptEncoding = accepted ? CompressedBodies.Gzip : "identity";
            throw new ErrorException(KernelErrors.UnsupportedEncoding);
        }

        var packed = request.Body;
        await using var unpacked = new BoundedGzip(packed, endpoint!.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? long.MaxValue);
        request.Body = unpacked;
        request.ContentLength = null;
        request.Headers.Remove(HeaderNames.ContentEncoding);
        try
        {
            await next(context);
        }
        finally
        {
            request.Body = packed;
        }
    }

    /// <summary>A body being unpacked, which ends with an error as soon as it grows beyond a limit.</summary>
    sealed class BoundedGzip(Stream packed, long maxBytes) : Stream
    {
        /// <summary>Deflate reaches 1,032; what people write, and what programs log, stays below a tenth of that.</summary>
        const int FurthestRatio = 200;

        /// <summary>So much may come out of any body: of small ones, the ratio says nothing.</summary>
        const long Harmless = 1024 * 1024;

        const int SmallestFile = 20;

        readonly Counted counted = new(packed);
        GZipStream? gzip;
        long unpackedBytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            gzip ??= new GZipStream(counted, CompressionMode.Decompress);
            int read;
            try
            {
                read = await gzip.ReadAsync(buffer, cancellationToken);
            }
            catch (InvalidDataException)
            {
                throw new ErrorException(KernelErrors.NotGzip);
            }

            unpackedBytes += read;
            // The framework takes a file that is cut off for a whole one. What it must unpack to are its last bytes (RFC 1952 §2.3.1),
            // of the last member if there are several, which nobody needs here.
            if (read == 0 && buffer.Length > 0 && (counted.Bytes < SmallestFile || counted.LastFour != (uint)unpackedBytes))
                throw new ErrorException(KernelErrors.NotGzip);
            if (unpackedBytes > maxBytes)
                throw new ErrorException(KernelErrors.TooLarge);
            if (unpackedBytes > Harmless && unpackedBytes > counted.Bytes * FurthestRatio)
                throw new ErrorException(KernelErrors.UnpacksTooFar);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            if (gzip is not null)
                await gzip.DisposeAsync();
            await counted.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    /// <summary>Counts what is read of a stream that stays its owner's.</summary>
    sealed class Counted(Stream inner) : Stream
    {
        public long Bytes { get; private set; }

        /// <summary>The last four bytes, the lowest first.</summary>
        public uint LastFour { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Bytes += read;
            foreach (var each in buffer.Span[Math.Max(0, read - sizeof(uint))..read])
                LastFour = (LastFour >> 8) | ((uint)each << 24);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
            => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
