using System.Buffers.Binary;
using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>
/// Bytes come back whole through frames of any cut, over channels that take little at a time; what the protocol sends stands between
/// frames.
/// </summary>
public sealed class WebSocketChannelTests
{
    private const string Reply = "the answer to the handshake";

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task EveryByteComesBack(int seed, bool isAwkward)
    {
        using LineServer server = new();
        PipeChannel pipe = new(1);
        using InProcessStream client = pipe.CreatePeer();
        client.ReadTimeout = client.WriteTimeout = Patience.LimitMs;
        Random random = new(seed);
        StringBuilder lines = new("first\n");
        for (int index = 0; index < 200; index++)
        {
            lines.Append('x', random.Next(random.Next(10) == 0 ? 70_000 : 100)).Append('\n');
        }
        lines.Append("big 300000\n");
        byte[] request = Encoding.ASCII.GetBytes(lines.ToString());
        byte[] frames = FramesOf(request, random, out int pingCount);
        int restSize = random.Next(100);
        ByteChannel inner = isAwkward ? new AwkwardChannel(pipe, seed) : pipe;
        // On the loop's thread, whose memory it uses.
        server.Loop.Post(() => server.Service.Serve(new WebSocketChannel(
            inner, server.Loop.Handshakes.Workspace, Encoding.ASCII.GetBytes(Reply), frames.AsSpan(0, restSize))));
        Task writing = Task.Run(() =>
        {
            for (int sent = restSize; sent < frames.Length;)
            {
                int size = Math.Min(frames.Length - sent, random.Next(1, 20_000));
                client.Write(frames.AsSpan(sent, size));
                sent += size;
            }
        }, TestContext.Current.CancellationToken);
        byte[] reply = new byte[Reply.Length];
        client.ReadExactly(reply);
        Assert.Equal(Reply, Encoding.ASCII.GetString(reply));
        string expected = lines.ToString().Replace("big 300000\n", new string('x', 300_000), StringComparison.Ordinal);
        ReadFrames(client, expected.Length, out string payload, out List<byte> control);
        await writing;
        Assert.Equal(expected, payload);
        Assert.All(control, static opcode => Assert.Equal(10, opcode));
        Assert.True(control.Count <= pingCount);
        // A close of the peer is answered, and is the end.
        client.Write([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9]);
        using MemoryStream rest = new();
        client.CopyTo(rest);
        Assert.EndsWith("88020" + "3E9", Convert.ToHexString(rest.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>Cuts bytes into masked frames, with pings between them.</summary>
    private static byte[] FramesOf(byte[] bytes, Random random, out int pingCount)
    {
        using MemoryStream frames = new();
        bool isInMessage = false;
        pingCount = 0;
        for (int start = 0; start < bytes.Length;)
        {
            if (random.Next(5) == 0)
            {
                pingCount++;
                Append(frames, 0x89, bytes.AsSpan(start, Math.Min(random.Next(126), bytes.Length - start)), random);
            }
            int wanted = random.Next(4) switch { 0 => 0, 1 => random.Next(126), 2 => random.Next(3000), _ => 66_000 };
            int size = Math.Min(wanted, bytes.Length - start);
            bool isLast = random.Next(3) > 0 || start + size == bytes.Length;
            Append(frames, (byte)((isLast ? 0x80 : 0) | (isInMessage ? 0 : 2)), bytes.AsSpan(start, size), random);
            isInMessage = !isLast;
            start += size;
        }
        return frames.ToArray();
    }

    private static void Append(MemoryStream frames, byte first, ReadOnlySpan<byte> payload, Random random)
    {
        Span<byte> length = stackalloc byte[8];
        frames.WriteByte(first);
        if (payload.Length < 126)
        {
            frames.WriteByte((byte)(0x80 | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frames.WriteByte(0x80 | 126);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)payload.Length);
            frames.Write(length[..2]);
        }
        else
        {
            frames.WriteByte(0x80 | 127);
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frames.Write(length);
        }
        Span<byte> mask = stackalloc byte[4];
        random.NextBytes(mask);
        frames.Write(mask);
        for (int i = 0; i < payload.Length; i++)
        {
            frames.WriteByte((byte)(payload[i] ^ mask[i % 4]));
        }
    }

    /// <summary>Reads frames of the server until there is so much payload; also the opcodes of what else came.</summary>
    private static void ReadFrames(InProcessStream client, int size, out string payload, out List<byte> control)
    {
        StringBuilder text = new();
        control = [];
        byte[] header = new byte[10];
        while (text.Length < size)
        {
            client.ReadExactly(header, 0, 2);
            Assert.Equal(0, header[1] & 0x80);
            long length = header[1];
            if (length == 126)
            {
                client.ReadExactly(header, 2, 2);
                length = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2));
            }
            else if (length == 127)
            {
                client.ReadExactly(header, 2, 8);
                length = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(2));
            }
            byte[] bytes = new byte[length];
            client.ReadExactly(bytes);
            if (header[0] == 0x82)
            {
                text.Append(Encoding.ASCII.GetString(bytes));
            }
            else
            {
                control.Add((byte)(header[0] & 0x0F));
            }
        }
        payload = text.ToString();
    }
}
