using System.Buffers.Binary;
using System.Net.Sockets;

namespace Bixbite.Crash.Voters;

/// <summary>
/// What the processes of a trial say to each other, a connection for each question:
/// <code>
///   | size of the bytes: 4 bytes | number of the sender, 0 for the trial: 1 byte | bytes |
/// </code>
/// </summary>
internal readonly record struct VoterFrame(byte Sender, byte[] Bytes)
{
    private const int HeadSize = sizeof(int) + 1;

    internal static async Task WriteAsync(Socket socket, byte sender, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        byte[] frame = new byte[HeadSize + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, bytes.Length);
        frame[sizeof(int)] = sender;
        bytes.CopyTo(frame.AsMemory(HeadSize));
        for (int sent = 0; sent < frame.Length;)
        {
            sent += await socket.SendAsync(frame.AsMemory(sent), SocketFlags.None, cancellation);
        }
    }

    /// <summary>Null if the other side ends before.</summary>
    internal static async Task<VoterFrame?> ReadAsync(Socket socket, CancellationToken cancellation)
    {
        byte[] head = new byte[HeadSize];
        if (!await FillAsync(socket, head, cancellation))
        {
            return null;
        }
        byte[] bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
        return await FillAsync(socket, bytes, cancellation) ? new VoterFrame(head[sizeof(int)], bytes) : null;
    }

    private static async Task<bool> FillAsync(Socket socket, byte[] bytes, CancellationToken cancellation)
    {
        for (int filled = 0; filled < bytes.Length;)
        {
            int count = await socket.ReceiveAsync(bytes.AsMemory(filled), SocketFlags.None, cancellation);
            if (count == 0)
            {
                return false;
            }
            filled += count;
        }
        return true;
    }
}
