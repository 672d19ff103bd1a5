namespace JeanTrail.Kernel.Blobs;

/// <summary>A file for what does not fit in memory and nobody else shall see: gone when it is closed, and when the server is killed.</summary>
public static class NamelessFile
{
    public static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"jeantrail-{Path.GetRandomFileName()}");
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, how);
        // So that nothing of it is left when the server is killed.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
