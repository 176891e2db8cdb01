using System.Net;
using System.Net.Sockets;

namespace Bixbite.Wire.Harness;

/// <summary>
/// Ports for the servers of this process. They lie below those that the system gives to outgoing connections (ip_local_port_range), so no
/// connection takes one before it is used or while its server has let go of it; and in a block that no other process of these tests has:
/// whoever has it has bound a name of the abstract kind, which goes with the process. A block where anybody listens is left alone: servers
/// that have outlived such a process connect to each other's ports for ever.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int End = 32_000;
    private const int BlockSize = 1000;

    private static readonly Lazy<Block> s_block = new(Take);

    /// <summary>A port that nobody listens on and that no other test of this process has got of late.</summary>
    public static int Next()
    {
        for (int i = 0; i < BlockSize; i++)
        {
            int port = s_block.Value.Next();
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"all ports from {s_block.Value.Start} on are taken");
    }

    private static Block Take()
    {
        for (int start = First; start + BlockSize <= End; start += BlockSize)
        {
            Socket name = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                name.Bind(new UnixDomainSocketEndPoint($"\0bixbite-tests-{start}"));
                if (Enumerable.Range(start, BlockSize).All(IsFree))
                {
                    return new Block(start, name);
                }
            }
            catch (SocketException)
            {
                // Another process has it.
            }
            name.Dispose();
        }

        throw new InvalidOperationException("other processes of these tests have all blocks of ports");
    }

    private static bool IsFree(int port)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The block of this process, and what keeps others from it.</summary>
    private sealed record Block(int Start, Socket Name)
    {
        private int _count;

        public int Next() => Start + (int)((uint)(Interlocked.Increment(ref _count) - 1) % BlockSize);
    }
}
