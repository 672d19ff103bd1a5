using System.CommandLine;
using JeanTrail.Host.Commands;

var root = new RootCommand("JeanTrail: a self-hosted AI workspace with a face.")
{
    Serve.Command(),
    Migrate.Command(),
    Doctor.Command(),
    UserCommand.Command(),
    OpenApiCommand.Command(),
};
return await root.Parse(args).InvokeAsync();
