using System.Runtime.InteropServices;

namespace JeanTrail.Kernel.Blobs;

/// <summary>Makes the names in a folder survive a power cut. A rename is atomic, but on the disk only when its folder is flushed too.</summary>
/// <remarks>Source: fsync(2). .NET opens no folders, hence the calls to libc; Windows writes folder entries through its journal.</remarks>
internal static class DirectorySync
{
    const int ReadOnly = 0;

    internal static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, ReadOnly);
        if (descriptor < 0)
            throw Failure(folder);
        try
        {
            // Some network file systems cannot flush a folder and say so with EINVAL; there is nothing more to be done on them.
            const int InvalidArgument = 22;
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw Failure(folder);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    static IOException Failure(string folder)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"The folder {folder} could not be flushed to the disk: {Marshal.GetPInvokeErrorMessage(code)}", code);
    }

    // Classic declarations: source-generated ones need unsafe code.
#pragma warning disable SYSLIB1054, CA2101, CA5392, IDE1006
    [DllImport("libc", SetLastError = true)]
    static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    static extern int close(int descriptor);
#pragma warning restore SYSLIB1054, CA2101, CA5392, IDE1006
}
