using System.Runtime.InteropServices;

namespace JeanTrail.Kernel.Postgres;

/// <summary>The two system calls that .NET has no face for.</summary>
internal static class Posix
{
    internal const int Interrupt = 2;
    internal const int Quit = 3;
    internal const int Kill = 9;

    /// <summary>Sends a signal; false when there is no such process (any more).</summary>
    internal static bool Signal(int processId, int signal) => processId > 1 && kill(processId, signal) == 0;

    /// <summary>Whether the process is there: alive, or dead and not yet collected by its parent.</summary>
    internal static bool Exists(int processId) => processId > 1 && (kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess);

    internal static void ChangeOwner(string path, int userId, int groupId)
    {
        if (chown(path, userId, groupId) != 0)
            throw new IOException($"The owner of {path} could not be changed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    const int NoSuchProcess = 3;

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int kill(int processId, int signal);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int chown(string path, int userId, int groupId);
}
