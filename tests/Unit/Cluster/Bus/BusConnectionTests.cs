using System.Net;
using System.Net.Sockets;
using Bixbite.Cluster.Bus;
using Bixbite.Cluster.Document;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Cluster.Bus;

public sealed class BusConnectionTests : IAsyncDisposable
{
    private static readonly ClusterId s_cluster = new(9, 9);
    private readonly List<BusConnection> _open = [];
    private readonly List<string> _told = [];

    [Fact]
    public async Task BothSidesAskAndAnswersFindTheirQuestions()
    {
        (BusConnection one, BusConnection other) = await ConnectAsync();
        Assert.Equal(Name(2), one.Peer);
        Assert.Equal(Name(1), other.Peer);
        Task<ReadOnlyMemory<byte>?>[] asked =
            [.. Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : other).AskAsync(3, new byte[i * 100], Limit()).AsTask())];
        ReadOnlyMemory<byte>?[] answers = await Task.WhenAll(asked);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (i * 100) + 1), answers.Select(answer => answer!.Value.Length));
    }

    [Fact]
    public async Task ALargePayloadArrivesWholeAndOneThatIsTooLargeIsRefused()
    {
        (BusConnection one, _) = await ConnectAsync();
        byte[] payload = new byte[BusFrame.PayloadMax - 1];
        Random.Shared.NextBytes(payload);
        ReadOnlyMemory<byte>? answer = await one.AskAsync(3, payload, Limit());
        Assert.True(answer!.Value.Span[..payload.Length].SequenceEqual(payload));
        Assert.Null(await one.AskAsync(3, new byte[BusFrame.PayloadMax + 1], Limit()));
    }

    [Fact]
    public async Task WhatIsToldArrivesAndATopicWithoutAnswerHasNone()
    {
        (BusConnection one, _) = await ConnectAsync();
        Assert.True(one.Tell(7, "hello"u8.ToArray()));
        Patience.Until(() => _told.Contains("hello"));
        Assert.Null(await one.AskAsync(7, "?"u8.ToArray(), Limit()));
    }

    [Fact]
    public async Task WhoAsksHearsOfTheEnd()
    {
        (BusConnection one, BusConnection other) = await ConnectAsync();
        ValueTask<ReadOnlyMemory<byte>?> asked = one.AskAsync(8, default, Limit());
        await other.DisposeAsync();
        Assert.Null(await asked);
        await one.Completion;
        Assert.False(one.Tell(7, default));
        Assert.Null(await one.AskAsync(3, default, Limit()));
    }

    [Theory]
    [InlineData("secret", "another", 9, 2, "secret")]
    [InlineData("secret", "", 9, 2, "secret")]
    [InlineData("secret", "secret", 8, 2, "of cluster")]
    [InlineData("secret", "secret", 9, 1, "it is node")]
    public async Task WhoIsNoPeerIsRefused(string secret, string theirSecret, int theirCluster, int theirName, string reason)
    {
        (Stream near, Stream far) = await StreamsAsync();
        var own = new BusIdentity(s_cluster, Name(1), System.Text.Encoding.ASCII.GetBytes(secret));
        var their = new BusIdentity(
            new ClusterId((UInt128)theirCluster, 9), Name(theirName), System.Text.Encoding.ASCII.GetBytes(theirSecret));
        Task<(BusConnection? Connection, string Reason)> other = BusConnection.OpenAsync(far, their, AnswerAsync, Limit());
        (BusConnection? connection, string told) = await BusConnection.OpenAsync(near, own, AnswerAsync, Limit());
        Assert.Null(connection);
        Assert.Contains(reason, told, StringComparison.Ordinal);
        Assert.Null((await other).Connection);
    }

    [Fact]
    public async Task ANodeWithoutAClusterMaySpeakWithAMember()
    {
        (Stream near, Stream far) = await StreamsAsync();
        Task<(BusConnection? Connection, string Reason)> other =
            BusConnection.OpenAsync(far, new BusIdentity(default, Name(2), default), AnswerAsync, Limit());
        (BusConnection? connection, _) = await BusConnection.OpenAsync(near, Identity(1), AnswerAsync, Limit());
        _open.AddRange([connection!, (await other).Connection!]);
        Assert.True(connection!.PeerCluster.IsNone);
    }

    [Fact]
    public async Task BytesThatAreNoFramesEndTheConnection()
    {
        (Stream near, Stream far) = await StreamsAsync();
        await far.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Limit());
        (BusConnection? connection, string reason) = await BusConnection.OpenAsync(near, Identity(1), AnswerAsync, Limit());
        Assert.Null(connection);
        Assert.Contains("protocol", reason, StringComparison.Ordinal);
        await far.DisposeAsync();
    }

    [Fact]
    public void FramesAreReadInAnyPieces()
    {
        var frame = new BusFrame(BusKind.Tell, 5, 77, new byte[] { 1, 2, 3 });
        byte[] bytes = new byte[frame.Size + 4];
        frame.Write(bytes);
        for (int length = 0; length < frame.Size; length++)
        {
            Assert.False(BusFrame.TryRead(bytes.AsMemory(0, length), BusFrame.PayloadMax, out _, out int needed));
            Assert.InRange(needed, length + 1, frame.Size);
        }
        Assert.True(BusFrame.TryRead(bytes, BusFrame.PayloadMax, out BusFrame read, out _));
        Assert.Equal((frame.Kind, frame.Topic, frame.Number), (read.Kind, read.Topic, read.Number));
        Assert.Equal([1, 2, 3], read.Payload.ToArray());
        Assert.False(BusFrame.TryRead(bytes, payloadMax: 2, out _, out int never));
        Assert.Equal(0, never);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BusConnection connection in _open)
        {
            await connection.DisposeAsync();
        }
    }

    private static ClusterId Name(int number) => new((UInt128)number, 7);

    private static BusIdentity Identity(int number) => new(s_cluster, Name(number), default);

    private static CancellationToken Limit() => new CancellationTokenSource(Patience.LimitMs).Token;

    private static async Task<(Stream Near, Stream Far)> StreamsAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!, Limit());
        return (new NetworkStream(near, ownsSocket: true), new NetworkStream(await listener.AcceptAsync(Limit()), ownsSocket: true));
    }

    private async Task<(BusConnection One, BusConnection Other)> ConnectAsync()
    {
        (Stream near, Stream far) = await StreamsAsync();
        Task<(BusConnection? Connection, string Reason)> other = BusConnection.OpenAsync(far, Identity(2), AnswerAsync, Limit());
        (BusConnection? connection, string reason) = await BusConnection.OpenAsync(near, Identity(1), AnswerAsync, Limit());
        Assert.True(connection is not null, reason);
        _open.AddRange([connection, (await other).Connection!]);
        return (_open[^2], _open[^1]);
    }

    /// <summary>Topic 3 is answered with a byte more; 7 is noted, and 8 is never answered.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(
        BusConnection from, byte topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        switch (topic)
        {
            case 3:
                return (byte[])[.. payload.Span, 1];
            case 7:
                lock (_told)
                {
                    _told.Add(System.Text.Encoding.ASCII.GetString(payload.Span));
                }
                return null;
            default:
                await Task.Delay(Timeout.Infinite, cancellation);
                return null;
        }
    }
}
