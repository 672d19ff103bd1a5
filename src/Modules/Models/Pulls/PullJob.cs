using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Models.Library;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Pulls;

/// <summary>Fetches one model. It may die at any moment: the next attempt goes on with what is on the disk.</summary>
internal sealed class PullJob(
    PullQueue queue, Arrivals arrivals, ModelFolder folder, PullHttp http, IOptions<ModelsOptions> options, TimeProvider clock) : IJobHandler<PullJob.Arguments>
{
    static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(500);

    internal sealed record Arguments(Guid PullId);

    public static string Kind => "models.pull";

    public async Task RunAsync(Arguments arguments, JobContext context, CancellationToken cancel)
    {
        if (await queue.FindAsync(arguments.PullId, cancel) is not { State: "running" } pull)
            return;
        var part = ModelFolder.Unfinished(await folder.GetAsync(cancel), pull.PullId);
        try
        {
            if (!PullSource.Parse(Written(pull), files: false).TryGet(out var source, out var invalid) || source.Url is not { } url)
                throw new DownloadException(invalid ?? ModelsErrors.SourceInvalid);
            var sha256 = await DownloadAsync(pull, url, part, context, cancel);
            // This node may not have heard of it yet.
            if (await DropIfCalledOffAsync(pull, part, cancel))
                return;

            var added = await arrivals.AddAsync(new Arrival(part, pull.Name, pull.Source, pull.Licence, sha256, source.Purpose), source, pull.PullId, async (done, all) =>
            {
                await queue.UnpackedAsync(pull.PullId, done, cancel);
                await context.ReportAsync(all > 0 ? (double)done / all : 0, pull.Name, cancel);
            }, cancel);
            if (added.TryGet(out var model, out var error))
                await queue.EndAsync(pull.PullId, "installed", null, model, CancellationToken.None);
            else
                await FailAsync(pull, error);
        }
        catch (DownloadException failure)
        {
            await FailAsync(pull, failure.Error);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // A node that stops leaves it to the next one.
            await DropIfCalledOffAsync(pull, part, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What was called off leaves nothing.</summary>
    async Task<bool> DropIfCalledOffAsync(PullRow pull, string part, CancellationToken cancel)
    {
        if (await queue.FindAsync(pull.PullId, cancel) is not { State: "cancelled" })
            return false;
        File.Delete(part);
        return true;
    }

    /// <summary>Brings the file, and tells its SHA-256.</summary>
    async Task<string> DownloadAsync(PullRow pull, Uri url, string part, JobContext context, CancellationToken cancel)
    {
        var earlier = pull.ExpectedSha256 is null && pull.Validator is null && pull.ExpectedBytes is null ? null : new Promise(pull.ExpectedBytes, pull.ExpectedSha256, pull.Validator);
        var (began, from, toldAt) = (clock.GetTimestamp(), pull.ReceivedBytes, DateTimeOffset.MinValue);
        var download = new Download(http.Invoker, options.Value, clock, part, earlier, async (received, promise) =>
        {
            if (clock.GetUtcNow() - toldAt < TellEvery && received != promise.Bytes)
                return;
            toldAt = clock.GetUtcNow();
            await CheckLibraryAsync(promise, cancel);
            var seconds = clock.GetElapsedTime(began).TotalSeconds;
            var rate = seconds > 0.2 ? (long?)((received - from) / seconds) : null;
            await queue.ToldAsync(pull.PullId, received, rate is > 0 ? rate : null, promise, cancel);
            await context.ReportAsync(promise.Bytes is > 0 and var all ? (double)received / all : 0, pull.Name, cancel);
        });
        return await download.RunAsync(url, cancel);
    }

    async Task CheckLibraryAsync(Promise promise, CancellationToken cancel)
    {
        if (options.Value.MaxTotalBytes is { } most && await arrivals.TotalBytesAsync(cancel) + (promise.Bytes ?? 0) > most)
            throw new DownloadException(ModelsErrors.LibraryFull);
    }

    /// <summary>What has arrived stays for another try, unless it was found to be wrong, which deletes it.</summary>
    async Task FailAsync(PullRow pull, Error error)
    {
        await queue.EndAsync(pull.PullId, "failed", error, null, CancellationToken.None);
        throw new JobFailedException(error);
    }

    static string Written(PullRow pull) => pull.Source.StartsWith("catalogue:", StringComparison.Ordinal) ? pull.Source["catalogue:".Length..] : pull.Source;
}
