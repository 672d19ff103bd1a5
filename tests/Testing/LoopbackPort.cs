using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace JeanTrail.Testing;

public static class LoopbackPort
{
    /// <summary>Below what systems take for connections that go out, so that no other program of a busy machine gets it before it is used.</summary>
    const int First = 20_000;
    const int Last = 32_000;

    static readonly ConcurrentDictionary<int, bool> Given = new();
    static readonly ConcurrentBag<Socket> Retired = [];

    /// <summary>A port on which nobody listens, and which this process was not given before: a server may take it only seconds later.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                if (Given.TryAdd(port, true))
                    return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }

    /// <summary>Keeps a port, on which connections are refused, as long as the process lives: whoever still asks a server that has ended must not reach the next one.</summary>
    public static void Retire(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            Retired.Add(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
        }
    }
}
