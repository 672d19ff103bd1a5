using System.CommandLine;
using JeanTrail.Host.Commands;

var root = new RootCommand("JeanTrail: a self-hosted AI workspace with a face.")
{
    Serve.Command(),
    Migrate.Command(),
    Doctor.Command(),
    UserCommand.Command(),
    AuditCommand.Command(),
    ModelsCommand.Command(),
    OpenApiCommand.Command(),
};
// The parser's own patience with a stop signal is two seconds; a server that lets its calls end needs more. Service managers kill after this long.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(90) });
