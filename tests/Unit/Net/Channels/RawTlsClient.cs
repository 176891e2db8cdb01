using System.Net.Sockets;
using Bixbite.Platform.OpenSsl;
using Bixbite.Unit.Platform.OpenSsl;
using Xunit;

namespace Bixbite.Unit.Net.Channels;

/// <summary>A client that has its encrypted bytes in its own hands: it sends them as it likes.</summary>
internal sealed class RawTlsClient : IDisposable
{
    private readonly byte[] _room = new byte[64 * 1024];
    private readonly byte[] _input = new byte[64 * 1024];
    private readonly TlsSession _session;

    internal RawTlsClient(Socket socket, TlsContext? context = null)
    {
        Socket = socket;
        _session = TlsSession.Connect(context ?? TlsPair.ClientContext(), "localhost")!;
    }

    internal Socket Socket { get; }

    /// <summary>The first bytes of a handshake.</summary>
    internal static byte[] Hello()
    {
        byte[] room = new byte[16 * 1024];
        using TlsSession session = TlsSession.Connect(TlsPair.ClientContext(), "localhost")!;
        TlsBytes bytes = new(default, room);
        session.Handshake(ref bytes);
        return room[..bytes.Written];
    }

    internal RawTlsClient Agree()
    {
        TlsBytes bytes = new(default, _room);
        while (_session.Handshake(ref bytes) is var progress && progress != TlsProgress.Done)
        {
            Assert.Equal(TlsProgress.WantsInput, progress);
            Send(ref bytes);
            bytes.Input = _input.AsSpan(0, Socket.Receive(_input));
        }
        Send(ref bytes);
        return this;
    }

    /// <summary>Encrypts, and leaves the sending to the test.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> plain)
    {
        TlsBytes bytes = new(default, _room);
        Assert.Equal(TlsProgress.Done, _session.Write(ref bytes, plain));
        return _room[..bytes.Written];
    }

    /// <summary>A record that asks for new keys and has no data.</summary>
    internal byte[] SealKeyUpdate()
    {
        Assert.True(_session.UpdateKeys());
        TlsBytes bytes = new(default, _room);
        _ = _session.Handshake(ref bytes);
        return _room[..bytes.Written];
    }

    /// <summary>A record with the first words of another handshake.</summary>
    internal byte[] SealRenegotiation()
    {
        Assert.True(_session.Renegotiate());
        TlsBytes bytes = new(default, _room);
        Assert.Equal(TlsProgress.WantsInput, _session.Handshake(ref bytes));
        return _room[..bytes.Written];
    }

    /// <summary>Reads until the conversation fails, and says why it does.</summary>
    internal string ReadFailure()
    {
        TlsProgress progress = TlsProgress.WantsInput;
        while (progress == TlsProgress.WantsInput)
        {
            int received = Socket.Receive(_input);
            Assert.True(received > 0, "the server has closed the connection");
            TlsBytes bytes = new(_input.AsSpan(0, received), _room);
            progress = _session.Handshake(ref bytes);
        }
        return _session.Failure;
    }

    /// <summary>Reads so many plain bytes.</summary>
    internal byte[] Read(int count)
    {
        byte[] plain = new byte[count];
        int done = 0;
        while (done < count)
        {
            TlsBytes bytes = new(default, _room);
            TlsProgress progress = _session.Read(ref bytes, plain.AsSpan(done), out int moved);
            done += moved;
            if (progress == TlsProgress.WantsInput)
            {
                int received = Socket.Receive(_input);
                Assert.True(received > 0, "the server has closed the connection");
                bytes.Input = _input.AsSpan(0, received);
                while (done < count && _session.Read(ref bytes, plain.AsSpan(done), out moved) == TlsProgress.Done)
                {
                    done += moved;
                }
            }
        }
        return plain;
    }

    public void Dispose()
    {
        _session.Dispose();
        Socket.Dispose();
    }

    private void Send(ref TlsBytes bytes)
    {
        Socket.Send(_room.AsSpan(0, bytes.Written));
        bytes.Restart(_room);
    }
}
