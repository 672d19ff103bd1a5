using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Idempotency;

/// <summary>Runs a request once per key, or answers as before.</summary>
internal sealed partial class IdempotentRequests(IdempotencyStore store, TimeProvider clock, ILogger<IdempotentRequests> logger)
{
    internal async Task RunAsync(HttpContext context, UserId user, Guid key, RequestDelegate next)
    {
        var cancel = context.RequestAborted;
        var fingerprint = await FingerprintAsync(context.Request, cancel);
        var run = Ids.New(clock);
        switch (await store.BeginAsync(user, key, fingerprint, run, cancel))
        {
            case IdempotencyStore.Begun:
                Count("first");
                await RunFirstAsync(context, user, key, run, next);
                return;
            case IdempotencyStore.Stored stored when CryptographicOperations.FixedTimeEquals(stored.Fingerprint, fingerprint):
                if (stored.Status is null)
                {
                    Count("running");
                    context.Response.Headers.RetryAfter = "1";
                    await KernelErrors.IdempotencyRunning.ToProblem().ExecuteAsync(context);
                    return;
                }

                Count("replayed");
                await ReplayAsync(context.Response, stored, cancel);
                return;
            default:
                Count("mismatch");
                await KernelErrors.IdempotencyMismatch.ToProblem().ExecuteAsync(context);
                return;
        }
    }

    async Task RunFirstAsync(HttpContext context, UserId user, Guid key, Guid run, RequestDelegate next)
    {
        using var keeping = new CancellationTokenSource();
        var keeper = KeepAsync(user, key, run, keeping.Token);
        var response = context.Response;
        var original = response.Body;
        using var buffer = new MemoryStream();
        response.Body = buffer;
        var succeeded = false;
        try
        {
            await next(context);
            await response.BodyWriter.FlushAsync(CancellationToken.None);
            succeeded = response.StatusCode is >= 200 and < 300;
        }
        finally
        {
            response.Body = original;
            await keeping.CancelAsync();
            await keeper;

            // The effect has happened, whether or not the client still listens: its record is written with a token of its own.
            await RecordAsync(context, user, key, run, succeeded ? buffer.ToArray() : null);
        }

        if (buffer.Length == 0)
            return;
        buffer.Position = 0;
        await buffer.CopyToAsync(original, context.RequestAborted);
    }

    async Task RecordAsync(HttpContext context, UserId user, Guid key, Guid run, byte[]? body)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            if (body is null)
                await store.ReleaseAsync(user, key, run, limit.Token);
            else
                await store.CompleteAsync(user, key, run, context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.Location, body, limit.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            LogNotRecorded(logger, failure, key);
        }
    }

    /// <summary>Renews the key while a slow request runs.</summary>
    async Task KeepAsync(UserId user, Guid key, Guid run, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(IdempotencyStore.Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                await store.RenewAsync(user, key, run, cancel);
        }
        catch (OperationCanceledException)
        {
            // The request is over.
        }
        catch (NpgsqlException failure)
        {
            LogNotRecorded(logger, failure, key);
        }
    }

    static async Task ReplayAsync(HttpResponse response, IdempotencyStore.Stored stored, CancellationToken cancel)
    {
        response.StatusCode = stored.Status!.Value;
        response.Headers[IdempotencyMetadata.ReplayedHeader] = "true";
        if (stored.ContentType is not null)
            response.ContentType = stored.ContentType;
        if (stored.Location is not null)
            response.Headers.Location = stored.Location;
        if (stored.Body is { Length: > 0 } body)
            await response.Body.WriteAsync(body, cancel);
    }

    static async Task<byte[]> FingerprintAsync(HttpRequest request, CancellationToken cancel)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.PathBase}{request.Path}{request.QueryString}\n{request.ContentType}\n"));
        request.EnableBuffering();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancel)) > 0)
                sha.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        request.Body.Position = 0;
        return sha.GetHashAndReset();
    }

    static void Count(string outcome) => KernelMetrics.Idempotency.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of idempotency key {Key} could not be recorded")]
    static partial void LogNotRecorded(ILogger logger, Exception failure, Guid key);
}
