using System.CommandLine;
using System.Diagnostics;

namespace JeanTrail.Host.Commands;

/// <summary><c>jeantrail doctor</c>: each optional part, whether it is there, what goes without it and how to get it.</summary>
internal static class Doctor
{
    static readonly Part[] Parts =
    [
        new("espeak-ng", "Jean's offline voice", "She answers in text only.", ["espeak-ng"], "apt install espeak-ng  |  brew install espeak-ng", "12 MB"),
        new("ffmpeg", "speech as Ogg/Opus, and recordings to be written down", "Speech is sent as WAV, ten times the size, and of recordings only WAV is written down.", ["ffmpeg"], "apt install ffmpeg  |  brew install ffmpeg", "around 100 MB"),
        new("libvips", "small copies of pictures", "Pictures are kept and shown as they came, without thumbnails.", ["vips"], "apt install libvips-tools  |  brew install vips", "around 60 MB"),
        new("poppler", "the text of PDF files", "PDF files are kept, but Jean cannot read them.", ["pdftotext"], "apt install poppler-utils  |  brew install poppler", "15 MB"),
        new("node", "models on this machine", "Models answer through servers elsewhere only.", ["node"], "apt install nodejs npm  |  brew install node, then ./jean setup", "around 250 MB"),
        new("chromium", "PDF export, end-to-end tests", "Export to PDF says that it is missing; ./jean test fails in its browser suite.", ["chromium", "chromium-browser", "google-chrome"], "apt install chromium", "around 300 MB"),
        new("git", "updates from the repository", "Update by unpacking a release.", ["git"], "apt install git", "30 MB"),
    ];

    public static Command Command()
    {
        var data = SharedOptions.Data();
        var command = new Command("doctor", "Say which optional parts are there, and how to get the others.") { data };
        command.SetAction(parsed => Run(SharedOptions.DataFolder(parsed.GetValue(data))));
        return command;
    }

    static int Run(string data)
    {
        Console.WriteLine($"JeanTrail on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores");
        Console.WriteLine();
        foreach (var part in Parts)
        {
            var path = part.Programs.Select(Find).FirstOrDefault(found => found is not null);
            Console.WriteLine(path is not null
                ? $"  there    {part.Name,-10} {part.For} ({Version(path)})"
                : $"  missing  {part.Name,-10} {part.For}. Without it: {part.Without}\n           {"",-10} Get it: {part.Get} ({part.Cost})");
        }

        Console.WriteLine();
        return CheckData(data) ? 0 : 1;
    }

    /// <summary>The data folder is not optional: it has to be writable and have room.</summary>
    static bool CheckData(string data)
    {
        try
        {
            Directory.CreateDirectory(data);
            var probe = Path.Combine(data, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"  WRONG    data       {data} cannot be written: {failure.Message}");
            return false;
        }

        var free = new DriveInfo(data).AvailableFreeSpace;
        Console.WriteLine($"  {(free > 1L << 30 ? "there  " : "LOW    ")}  data       {data}, {free / 1_000_000_000.0:0.0} GB free");
        return true;
    }

    static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    static string Version(string program)
    {
        try
        {
            var flag = Path.GetFileName(program) switch
            {
                ['f', 'f', 'm', 'p', 'e', 'g', ..] => "-version",
                ['p', 'd', 'f', ..] => "-v",
                _ => "--version",
            };
            using var process = Process.Start(new ProcessStartInfo(program, flag) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var line = process.StandardOutput.ReadLine() ?? process.StandardError.ReadLine() ?? "";
            if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
                process.Kill(entireProcessTree: true);
            return line.Length > 60 ? line[..60] : line;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return program;
        }
    }

    /// <param name="Without">What the person goes without.</param>
    /// <param name="Cost">Disk space.</param>
    sealed record Part(string Name, string For, string Without, string[] Programs, string Get, string Cost);
}
