using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Mail;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel;

/// <summary>Letters to people. Needs <see cref="KernelEdge"/> for secrets and <see cref="KernelDurable"/> for what wakes its loop.</summary>
public static class KernelMail
{
    /// <summary>Registers <see cref="IMail"/> and its delivery. <paramref name="configuration"/> is the root.</summary>
    public static IServiceCollection AddKernelMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection("Mail")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IMail, PostBox>();
        services.AddSingleton<IMailTransport, SmtpTransport>();
        services.AddWorkerService<MailDelivery>();
        return services.AddPeriodicTask<MailUpkeep>("kernel.mail", TimeSpan.FromHours(1));
    }

    /// <summary>Maps the owner's outbox below <c>/api/mail</c>.</summary>
    public static RouteGroupBuilder MapKernelMail(this RouteGroupBuilder routes)
    {
        routes.WithTags("Mail");
        ListLetters.Map(routes);
        DeleteLetter.Map(routes);
        return routes;
    }
}
