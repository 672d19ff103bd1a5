using System.Globalization;
using System.Text;
using JeanTrail.Kernel.Workers;

// Usage: fake-worker [normal|crash|refuse|mute]. In normal mode the payload of a call is a command with arguments.
using var output = Console.OpenStandardOutput();
using var program = new WorkerProgram(Console.OpenStandardInput(), output);
switch (args.FirstOrDefault())
{
    case "crash":
        return 9;
    case "refuse":
        program.Refuse("part_missing", "The part is missing. Install it.");
        return 3;
    case "mute":
        Console.In.ReadToEnd();
        return 0;
}

program.Serve("{\"name\":\"fake\"}"u8, Run, gone: () => Environment.Exit(0));
return 0;

byte[] Run(WorkerCall call)
{
    var words = Encoding.UTF8.GetString(call.Payload.Span).Split(' ', 2);
    switch (words[0])
    {
        case "stream":
            for (var i = 0; i < int.Parse(words[1], CultureInfo.InvariantCulture); i++)
            {
                call.Event(Encoding.UTF8.GetBytes($"{i}"));
                call.Chunk(new byte[1000]);
            }
            break;
        case "die":
            Environment.Exit(7);
            break;
        case "die-after-event":
            call.Event("1"u8);
            Environment.Exit(7);
            break;
        case "wait-for-the-kill" when !File.Exists(words[1]):
            File.WriteAllText(words[1] + ".new", $"{Environment.ProcessId}");
            File.Move(words[1] + ".new", words[1]);
            Thread.Sleep(Timeout.Infinite);
            break;
        case "hang":
            call.Event("1"u8);
            call.Cancelled.WaitHandle.WaitOne();
            break;
        case "deaf":
            call.Event("1"u8);
            Thread.Sleep(Timeout.Infinite);
            break;
        case "garbage":
            output.Write("Segmentation fault (not really)\n"u8);
            output.Flush();
            Thread.Sleep(Timeout.Infinite);
            break;
        case "errors":
            for (var i = 0; i < 500; i++)
                Console.Error.WriteLine(new string('x', 2000));
            break;
        case "environment":
            return Encoding.UTF8.GetBytes(string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)));
        case "fail":
            throw new WorkerCallException("no_luck", "It \"failed\".");
    }
    return Encoding.UTF8.GetBytes($"{Environment.ProcessId}");
}
