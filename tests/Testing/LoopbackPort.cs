using System.Net;
using System.Net.Sockets;

namespace JeanTrail.Testing;

public static class LoopbackPort
{
    /// <summary>Below what systems take for connections that go out, so that no other program of a busy machine gets it before it is used.</summary>
    const int First = 20_000;
    const int Last = 32_000;

    /// <summary>A port on which nobody listens.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
