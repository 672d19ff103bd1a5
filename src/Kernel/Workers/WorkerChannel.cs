using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;

namespace JeanTrail.Kernel.Workers;

/// <summary>
/// What frames go over: the worker's stdin and stdout, or a socket (a named pipe on Windows) that it connects to once. The socket is in a
/// folder of its own that only this user can enter, and is taken away as soon as the worker has connected.
/// </summary>
internal sealed class WorkerChannel : IDisposable
{
    readonly string? folder;
    readonly Socket? listener;
    readonly NamedPipeServerStream? pipe;
    readonly CancellationTokenSource gone = new();
    volatile Stream? connected;

    public WorkerChannel(bool socket)
    {
        IsSocket = socket;
        if (!socket)
            return;
        if (OperatingSystem.IsWindows())
        {
            var name = Path.GetRandomFileName();
            pipe = new NamedPipeServerStream($"jean-worker-{name}", PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
            Address = $@"\\.\pipe\jean-worker-{name}";
            return;
        }

        // Made with mode 0700. The path must stay under the 104 bytes that some systems allow.
        folder = Directory.CreateTempSubdirectory("jean-").FullName;
        Address = Path.Combine(folder, "worker");
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Address));
        listener.Listen(1);
    }

    public bool IsSocket { get; }

    /// <summary>Where the worker connects; null where it does not.</summary>
    public string? Address { get; }

    /// <summary>To the worker. Nothing is sent before its hello, and so not before it has connected.</summary>
    public Stream Input(Process process)
        => IsSocket ? connected ?? throw new InvalidOperationException("The worker has not connected.") : process.StandardInput.BaseStream;

    /// <summary>From the worker; with a socket it blocks until the worker has connected, or is known to be gone.</summary>
    public Stream OpenOutput(Process process)
    {
        if (pipe is not null)
        {
            // A synchronous wait cannot be called off on this kind of pipe.
            using var wait = gone.Token.Register(pipe.Dispose);
            pipe.WaitForConnection();
            return connected = pipe;
        }

        if (listener is null)
            return process.StandardOutput.BaseStream;
        var socket = listener.Accept();
        connected = new NetworkStream(socket, ownsSocket: true);
        RemoveFolder();
        return connected;
    }

    /// <summary>The process has ended: who still waits for it to connect waits in vain.</summary>
    public void EndWaiting()
    {
        if (connected is not null)
            return;
        gone.Cancel();
        listener?.Dispose();
    }

    public void Dispose()
    {
        connected?.Dispose();
        pipe?.Dispose();
        listener?.Dispose();
        gone.Dispose();
        RemoveFolder();
    }

    void RemoveFolder()
    {
        listener?.Dispose();
        try
        {
            if (folder is not null)
                Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Gone already, or the system's own cleaning of temporary files takes it.
        }
    }
}
