using System.Text;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>
/// A channel may keep bytes that no event announces, may have to write before it reads and to read before it writes, as encryption does.
/// </summary>
public sealed class AwkwardChannelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void EveryByteComesBack(int seed)
    {
        using LineServer server = new();
        PipeChannel inner = new(1);
        using InProcessStream client = inner.CreatePeer();
        client.ReadTimeout = client.WriteTimeout = Patience.LimitMs;
        server.Service.Serve(new AwkwardChannel(inner, seed));
        Random random = new(seed);
        StringBuilder lines = new();
        for (int index = 0; index < 200; index++)
        {
            lines.Append('x', random.Next(random.Next(10) == 0 ? 50_000 : 100)).Append('\n');
        }
        byte[] request = Encoding.ASCII.GetBytes(lines.ToString());
        Thread writing = new(() =>
        {
            for (int sent = 0; sent < request.Length;)
            {
                int size = Math.Min(request.Length - sent, random.Next(1, 20_000));
                client.Write(request.AsSpan(sent, size));
                sent += size;
            }
            if (seed % 2 == 0)
            {
                client.CompleteWrites();
            }
        });
        writing.Start();
        byte[] answer = new byte[request.Length];
        client.ReadExactly(answer);
        writing.Join();
        Assert.Equal(request, answer);
        if (seed % 2 == 0)
        {
            Assert.Equal(0, client.Read(answer));
        }
    }
}
