using JeanTrail.Avatar;

if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: jeantrail-avatar <path of the .vrm file to write>");
    return 2;
}

var bytes = JeanBody.BuildVrm();
var path = Path.GetFullPath(args[0]);
Directory.CreateDirectory(Path.GetDirectoryName(path)!);
File.WriteAllBytes(path, bytes);
Console.WriteLine($"{path}: {bytes.Length} bytes");
return 0;
