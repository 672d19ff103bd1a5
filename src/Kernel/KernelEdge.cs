using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Privacy;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using JeanTrail.Kernel.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Kernel;

/// <summary>
/// Where the server meets the world: errors, limits, headers, proof of origin, secrets, telemetry, the API document. Needs
/// <see cref="KernelData.AddKernelData"/>, and an authentication scheme with a fallback policy, which Accounts brings.
/// </summary>
public static class KernelEdge
{
    public static WebApplicationBuilder AddKernelEdge(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var configuration = builder.Configuration;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<EdgeOptions>().Bind(configuration.GetSection("Edge")).ValidateDataAnnotations()
            .Validate(edge => KernelKestrel.AreValid(edge.Proxies), "Edge:Proxies holds something that is neither an address nor a network.")
            .Validate(edge => edge.PublicUrlIsValid, "Edge:PublicUrl must be an http or https address without a path, such as https://jean.example.org.")
            .ValidateOnStart();
        services.AddOptions<SecretsOptions>().Bind(configuration.GetSection("Secrets")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection("Telemetry")).ValidateDataAnnotations().ValidateOnStart();

        builder.AddKernelLogging();
        builder.ConfigureKernelKestrel();
        services.AddKernelJson();
        services.AddKernelRateLimits();
        services.AddRequestTimeLimit();
        services.AddKernelOpenApi();
        // Before AddProblemDetails, whose own writer refuses clients that accept only streams.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();

        services.AddSingleton<MasterKeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<MasterKeyRing>());
        services.AddSingleton<DataKeys>();
        services.AddSingleton<ISecretProtector, SecretProtector>();
        services.AddPersonTables(KernelPersonTables.All);
        services.AddSingleton<IPersonRecords, PersonRecords>();
        services.AddSingleton<ICsrfTokens, CsrfTokens>();
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        services.AddSingleton<SsrfGuard>();
        services.AddSingleton<PublicAddress>();

        // Authentication brings Data Protection along, which nothing here uses: without this it would write keys into the home folder.
        services.Configure<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = new ForgetfulKeyRepository();
            keys.XmlEncryptor = new NullXmlEncryptor();
        });

        services.AddMetrics();
        services.AddSingleton<MetricsRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsRegistry>());
        services.AddSingleton<OtlpExport>();
        services.AddHostedService(provider => provider.GetRequiredService<OtlpExport>());
        services.AddSingleton<IReadiness, Readiness>();
        return builder;
    }

    /// <summary>
    /// The pipeline. Each part stands where it does for a reason: the real address before anything reads it; headers before anything
    /// answers; errors around everything that may fail; <paramref name="files"/> (the client's static files) before routing, because the
    /// fallback policy would ask for a session; authentication before the limits, which count by person, and before the proof of origin,
    /// which belongs to a session; authorisation; whose rows the request may reach; and last, for those who
    /// may send it, the unpacking of a body.
    /// </summary>
    public static WebApplication UseKernelEdge(this WebApplication app, Action<WebApplication>? files = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ExceptionMiddleware>();
        files?.Invoke(app);
        app.UseRouting();
        app.UseWebSockets();
        app.UseRequestTimeLimit();
        app.UseMiddleware<RequestRules>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<CsrfMiddleware>();
        app.UseMiddleware<KeyScopesMiddleware>();
        app.UseAuthorization();
        app.UseMiddleware<RowScopeMiddleware>();
        app.UseMiddleware<CompressedBodiesMiddleware>();
        return app;
    }

    /// <summary><c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c>, <c>/openapi/v1.json</c>, <c>/docs</c>.</summary>
    public static WebApplication MapKernelEdge(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        HealthEndpoints.Map(app);
        MetricsEndpoint.Map(app);
        app.MapKernelOpenApi();
        return app;
    }
}
