using System.Globalization;
using System.Threading.RateLimiting;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// Limits on how often one may ask. Every request of the API or of a shared page counts against its person, or its address when nobody is
/// signed in; endpoints with <see cref="Auth"/> (<c>.RequireRateLimiting(RateLimits.Auth)</c>) also count against strict limits by address
/// and for all together.
/// </summary>
public static class RateLimits
{
    /// <summary>For signing in, setting up, and everything else that somebody might guess at.</summary>
    public const string Auth = "auth";

    internal static IServiceCollection AddKernelRateLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<EdgeOptions>>((limits, edge) =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = RejectAsync;
            limits.GlobalLimiter = CreateDefault(edge.Value);
            limits.AddPolicy(Auth, new AuthPolicy(edge.Value));
        });
        return services;
    }

    static PartitionedRateLimiter<HttpContext> CreateDefault(EdgeOptions options)
        => PartitionedRateLimiter.Create<HttpContext, string>(context => KernelPaths.IsApi(context.Request.Path) || context.Request.Path.StartsWithSegments(KernelPaths.Share, StringComparison.OrdinalIgnoreCase)
            ? RateLimitPartition.GetTokenBucketLimiter(PartitionOf(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestBurst,
                TokensPerPeriod = options.RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            })
            : RateLimitPartition.GetNoLimiter(""));

    static string PartitionOf(HttpContext context)
        => Caller.From(context.User) is { } caller ? caller.UserId.Value.ToString("N") : ClientAddress.Network(context);

    static ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancel)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var problem = KernelErrors.RateLimited.With(ErrorMapping.RetryAfterSeconds, seconds).ToProblemDetails();
        return new ValueTask(ProblemJson.WriteAsync(rejected.HttpContext, problem));
    }

    // CA1001: the limiter lives as long as the process.
#pragma warning disable CA1001
    sealed class AuthPolicy(EdgeOptions options) : IRateLimiterPolicy<string>
#pragma warning restore CA1001
    {
        readonly SharedLimiter everybody = new(Window(options.SignInsPerMinuteGlobally));

        public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected => RejectAsync;

        // The address first: somebody who is refused by it uses up nothing of what all share.
        public RateLimitPartition<string> GetPartition(HttpContext httpContext)
            => RateLimitPartition.Get(ClientAddress.Network(httpContext), _ => RateLimiter.CreateChained(Window(options.SignInsPerMinute), everybody));

        static FixedWindowRateLimiter Window(int permits)
            => new(new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) });
    }

    /// <summary>Part of many chains; the framework disposes of a chain that was idle, which must not take the shared part with it.</summary>
    sealed class SharedLimiter(RateLimiter inner) : RateLimiter
    {
        public override TimeSpan? IdleDuration => inner.IdleDuration;

        public override RateLimiterStatistics? GetStatistics() => inner.GetStatistics();

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => inner.AttemptAcquire(permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
            => inner.AcquireAsync(permitCount, cancellationToken);
    }
}
