using System.CommandLine;
using System.Globalization;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Postgres;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail models …</c>: models of this machine, at the console.</summary>
internal static class ModelsCommand
{
    public static Command Command()
    {
        var data = SharedOptions.Data();
        data.Recursive = true;
        var name = new Argument<string>("name") { Description = "As models list shows it." };
        var source = new Argument<string>("source") { Description = "A name of the catalogue, hf:owner/repository/file.gguf, an https address, or the path of a file; of a speech model an archive (.tar.bz2, .tar.gz, .zip)." };
        var called = new Option<string?>("--name") { Description = "What to call it." };
        var accept = new Option<bool>("--accept-licence") { Description = "I have read the licence and accept it." };
        var list = new Command("list", "List the models on this machine, and those that can be pulled by name.");
        list.SetAction((parsed, cancel) => WithModelsAsync(parsed.GetValue(data), models => ListAsync(models, cancel), cancel));
        var pull = new Command("pull", "Fetch a model; goes on where an earlier attempt ended.") { source, called, accept };
        pull.SetAction((parsed, cancel) => WithModelsAsync(
            parsed.GetValue(data), models => PullAsync(models, parsed.GetValue(source)!, parsed.GetValue(called), parsed.GetValue(accept), cancel), cancel));
        var remove = new Command("remove", "Remove a model and its file.") { name };
        remove.SetAction((parsed, cancel) => WithModelsAsync(
            parsed.GetValue(data), async models => Told(await models.RemoveAsync(parsed.GetValue(name)!, cancel), _ => "Removed."), cancel));
        var verify = new Command("verify", "Read a model's whole file again and compare its checksum.") { name };
        verify.SetAction((parsed, cancel) => WithModelsAsync(parsed.GetValue(data), models => VerifyAsync(models, parsed.GetValue(name)!, cancel), cancel));
        return new Command("models", "Manage the models of this machine; stop the server first when its database is embedded.") { data, list, pull, remove, verify };
    }

    static async Task<int> ListAsync(IModelAdministration models, CancellationToken cancel)
    {
        var installed = await models.ListAsync(cancel);
        foreach (var model in installed)
            Console.WriteLine($"{model.Name,-28} {model.Purpose,-10} {model.Architecture,-10} {model.Quantisation,-7} {Size(model.SizeBytes),10}  {model.Licence,-20} {model.State}");
        if (installed.Count == 0)
            Console.WriteLine("There are no models on this machine yet.");
        Console.WriteLine();
        Console.WriteLine("To be had by name (models pull NAME):");
        foreach (var offer in models.Offers.Where(offer => installed.All(model => model.Name != offer.Name)))
            Console.WriteLine($"{offer.Name,-28} {offer.Purpose,-10} {Size(offer.SizeBytes),10}  needs {Size(offer.NeedBytes),8}  {offer.Licence,-12} {(offer.Fits ? "" : "does not fit this machine")}".TrimEnd());
        return 0;
    }

    static async Task<int> PullAsync(IModelAdministration models, string source, string? name, bool accepted, CancellationToken cancel)
    {
        if (!models.Terms(source).TryGet(out var terms, out var invalid))
            return Failed(invalid);
        if (!accepted)
        {
            Console.Error.WriteLine($"{terms.From}");
            Console.Error.WriteLine($"Licence: {terms.Licence}{(terms.LicenceUrl.Length > 0 ? $"  {terms.LicenceUrl}" : "")}");
            Console.Error.WriteLine("Read it, and call again with --accept-licence.");
            return 1;
        }

        var progress = new ConsoleProgress();
        var pulled = await models.PullAsync(source, name, progress.Told, cancel);
        progress.End();
        return Told(pulled, model => $"{model.Name} is here: {string.Join(", ", new[] { model.Architecture, model.Quantisation, Size(model.SizeBytes) }.Where(part => part.Length > 0))}.");
    }

    static async Task<int> VerifyAsync(IModelAdministration models, string name, CancellationToken cancel)
    {
        var progress = new ConsoleProgress();
        var verified = await models.VerifyAsync(name, progress.Told, cancel);
        progress.End();
        return verified.TryGet(out var whole, out _) && !whole ? Failed(new Error("", 0, "The file is not what was installed. Pull it again.")) : Told(verified, _ => "The file is whole.");
    }

    static int Told<T>(Result<T> result, Func<T, string> sentence)
    {
        if (!result.TryGet(out var value, out var error))
            return Failed(error);
        Console.WriteLine(sentence(value));
        return 0;
    }

    static int Failed(Error error)
    {
        Console.Error.WriteLine(error.Detail);
        return 1;
    }

    static string Size(long bytes) => bytes >= 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    static async Task<int> WithModelsAsync(DirectoryInfo? data, Func<IModelAdministration, Task<int>> work, CancellationToken cancel)
    {
        await using var app = JeanTrailHost.Build(new HostSettings(SharedOptions.DataFolder(data), Endpoint: null));
        try
        {
            await app.Services.GetRequiredService<IDatabaseServer>().StartAsync(cancel);
            await app.Services.GetRequiredService<Migrator>().ApplyAsync(cancel);
            return await work(app.Services.GetRequiredService<IModelAdministration>());
        }
        catch (Exception failure) when (Serve.Explain(failure, 0) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    /// <summary>One line that is written over while a person looks on; nothing into a file or a pipe.</summary>
    sealed class ConsoleProgress
    {
        readonly bool shown = !Console.IsErrorRedirected;
        int last = -1;

        internal void Told(long done, long? all)
        {
            var step = all is > 0 and var total ? (int)(done * 1000 / total) : (int)(done >> 20);
            if (!shown || step == last)
                return;
            last = step;
            Console.Error.Write(all is { } whole ? $"\r{Size(done)} of {Size(whole)}  {step / 10.0,5:0.0} %   " : $"\r{Size(done)}   ");
        }

        internal void End()
        {
            if (shown && last >= 0)
                Console.Error.WriteLine();
        }
    }
}
