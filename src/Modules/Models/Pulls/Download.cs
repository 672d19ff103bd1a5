using System.Net;
using System.Security.Cryptography;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Models.Pulls;

/// <summary>What is known of a file that is being fetched; a later attempt goes on only where it is still the same.</summary>
/// <param name="Sha256">The checksum the server promises; null where it promises none.</param>
/// <param name="Validator">Its strong entity tag.</param>
internal sealed record Promise(long? Bytes, string? Sha256, string? Validator);

/// <summary>A failure that another attempt will not mend.</summary>
internal sealed class DownloadException(Error error, Exception? inner = null) : Exception(error.Detail, inner)
{
    internal Error Error { get; } = error;
}

/// <summary>
/// Fetches one file: goes on where it was, follows the server's redirects itself (each hop stays inside the outbound rules and none falls
/// back from https to http), and proves the content against what was promised.
/// </summary>
internal sealed class Download(HttpMessageInvoker http, ModelsOptions options, TimeProvider clock, string path, Promise? earlier, Func<long, Promise, Task> told)
{
    const int BufferBytes = 256 * 1024;
    const int MaxHops = 5;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    Promise? promise = earlier;
    (long? Bytes, string? Sha256) linked;
    long received;
    long startedAt;
    long startedWith;

    /// <summary>The content's SHA-256 in hexadecimal, when it is whole and right.</summary>
    /// <exception cref="DownloadException">It cannot be had, or was not what was promised: then nothing of it is left.</exception>
    internal async Task<string> RunAsync(Uri url, CancellationToken cancel)
    {
        using (hash)
        {
            await TakeUpAsync(cancel);
            startedAt = clock.GetTimestamp();
            startedWith = received;
            for (var failures = 0; ;)
            {
                var before = received;
                if (await AttemptAsync(url, cancel) is not { } failure)
                    break;
                failures = received > before ? 1 : failures + 1;
                if (failures > options.PullRetries)
                    throw new DownloadException(failure);
                await Task.Delay(options.RetryPause * Math.Pow(2, failures - 1), clock, cancel);
            }

            return Check();
        }
    }

    /// <summary>Hashes what an earlier attempt left.</summary>
    async Task TakeUpAsync(CancellationToken cancel)
    {
        if (!File.Exists(path))
            return;
        if (promise?.Validator is null && promise?.Sha256 is null)
        {
            File.Delete(path);
            return;
        }

        await using var file = Open(FileMode.Open, FileAccess.Read);
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            received += read;
        }
    }

    /// <summary>Null when all is there; otherwise why it is worth another attempt.</summary>
    async Task<Error?> AttemptAsync(Uri url, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            patience.CancelAfter(options.StallTimeout);
            using var response = await SendAsync(url, patience.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && received > 0)
            {
                if (received == promise?.Bytes)
                    return null;
                Restart();
                return ModelsErrors.LengthWrong;
            }

            if (!response.IsSuccessStatusCode)
            {
                var refused = ModelsErrors.PullRefused((int)response.StatusCode);
                return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError
                    ? refused : throw new DownloadException(refused);
            }

            TakeHeaders(response);
            await told(received, promise!);
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            await CopyAsync(body, patience, cancel);
            return promise!.Bytes is { } all && received < all ? ModelsErrors.Stalled : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ModelsErrors.Stalled;
        }
        catch (HttpRequestException failure) when (failure.InnerException is IErrorException refused)
        {
            throw new DownloadException(refused.Error, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException)
        {
            return received > 0 ? ModelsErrors.Stalled : ModelsErrors.Unreachable;
        }
    }

    async Task<HttpResponseMessage> SendAsync(Uri url, CancellationToken cancel)
    {
        string? sha256 = null;
        long? linkedBytes = null;
        for (var hop = 0; hop <= MaxHops; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("User-Agent", "JeanTrail");
            if (received > 0)
            {
                request.Headers.Range = new(received, null);
                if (promise?.Validator is { } validator)
                    request.Headers.TryAddWithoutValidation("If-Range", validator);
            }

            var response = await http.SendAsync(request, cancel);
            sha256 ??= LinkedHash(response);
            linkedBytes ??= Header(response, "X-Linked-Size") is { } text && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
            if ((int)response.StatusCode is < 300 or >= 400)
            {
                linked = (linkedBytes, sha256);
                return response;
            }

            var location = response.Headers.Location;
            response.Dispose();
            var next = location is null ? null : new Uri(url, location);
            if (next is null || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != url.Scheme) || next.UserInfo.Length > 0)
                throw new DownloadException(ModelsErrors.RedirectRefused);
            url = next;
        }

        throw new DownloadException(ModelsErrors.RedirectRefused);
    }

    /// <summary>The hub tells the checksum of a large file before it sends on to where that lies.</summary>
    static string? LinkedHash(HttpResponseMessage response)
        => (Header(response, "X-Linked-Etag") ?? Header(response, "X-Checksum-Sha256"))?.Trim('"') is { Length: 64 } text && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;

    static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    void TakeHeaders(HttpResponseMessage response)
    {
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        var range = response.Content.Headers.ContentRange;
        var partial = response.StatusCode == HttpStatusCode.PartialContent && range?.From == received;
        var total = partial ? range!.Length : response.Content.Headers.ContentLength;
        var now = new Promise(linked.Bytes ?? total, linked.Sha256 ?? promise?.Sha256, tag);

        // Another file under the same address, or a server that cannot go on in the middle: from the beginning.
        var changed = promise is not null && ((linked.Sha256 is not null && promise.Sha256 is not null && linked.Sha256 != promise.Sha256) || (promise.Bytes is not null && now.Bytes is not null && promise.Bytes != now.Bytes));
        if (received > 0 && !partial)
            Restart();
        else if (changed && received > 0)
        {
            Restart();
            promise = null;
            throw new HttpRequestException("The file is another one now.");
        }

        promise = changed ? now with { Sha256 = linked.Sha256 } : now;
        if (promise.Bytes is { } bytes)
            CheckRoom(bytes - received);
    }

    void CheckRoom(long missing)
    {
        if (new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace - missing < options.KeepFreeBytes)
            throw new DownloadException(ModelsErrors.DiskFull);
    }

    async Task CopyAsync(Stream body, CancellationTokenSource patience, CancellationToken cancel)
    {
        try
        {
            await using var file = Open(FileMode.Append, FileAccess.Write);
            var buffer = new byte[BufferBytes];
            while (true)
            {
                patience.CancelAfter(options.StallTimeout);
                var read = await ReadAsync(body, buffer, patience.Token);
                if (read == 0)
                    break;
                hash.AppendData(buffer, 0, read);
                await WriteAsync(file, buffer.AsMemory(0, read), cancel);
                received += read;
                if (promise!.Bytes is { } all && received > all)
                    throw new DownloadException(ModelsErrors.LengthWrong);
                patience.CancelAfter(Timeout.InfiniteTimeSpan);
                await told(received, promise);
                await SlowDownAsync(cancel);
            }

            file.Flush(flushToDisk: true);
        }
        catch (DownloadException failure) when (failure.Error == ModelsErrors.LengthWrong)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>A failure of the line, told apart from one of the disk.</summary>
    static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(buffer, cancel);
        }
        catch (IOException broken)
        {
            throw new HttpRequestException("The connection broke.", broken);
        }
    }

    static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            await file.WriteAsync(bytes, cancel);
        }
        catch (IOException full) when (IsFull(full))
        {
            throw new DownloadException(ModelsErrors.DiskFull, full);
        }
    }

    internal static bool IsFull(IOException failure) => failure.HResult is unchecked((int)0x80070070) or 28;

    /// <summary>Keeps to the rate that the owner allows.</summary>
    async Task SlowDownAsync(CancellationToken cancel)
    {
        if (options.PullBytesPerSecond is not { } rate)
            return;
        var due = TimeSpan.FromSeconds((double)(received - startedWith) / rate);
        var early = due - clock.GetElapsedTime(startedAt);
        if (early > TimeSpan.FromMilliseconds(10))
            await Task.Delay(early, clock, cancel);
    }

    string Check()
    {
        if (promise?.Bytes is { } bytes && bytes != received)
        {
            File.Delete(path);
            throw new DownloadException(ModelsErrors.LengthWrong);
        }

        var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (promise?.Sha256 is { } expected && expected != actual)
        {
            File.Delete(path);
            throw new DownloadException(ModelsErrors.ChecksumWrong);
        }

        return actual;
    }

    void Restart()
    {
        File.Delete(path);
        _ = hash.GetHashAndReset();
        received = startedWith = 0;
        startedAt = clock.GetTimestamp();
    }

    FileStream Open(FileMode mode, FileAccess access) => new(path, mode, access, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
