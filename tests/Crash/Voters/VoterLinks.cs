using System.Net;
using System.Net.Sockets;
using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;

namespace Bixbite.Crash.Voters;

/// <summary>The links of a voter's process to the others, with faults: requests or answers to some are lost, requests come again.</summary>
internal sealed class VoterLinks(byte self, int[] ports) : IVoterTransport
{
    private const int RepetitionMsMax = 300;

    private readonly Lock _lock = new();
    private HashSet<byte> _withoutRequests = [];
    private HashSet<byte> _withoutAnswers = [];
    private bool _repeats;
    private VoterAnswer? _answer;

    internal static ClusterId IdOf(byte number) => new(number, Low: 7);

    internal static byte NumberOf(ClusterId id) => (byte)id.High;

    public void Serve(VoterAnswer? answer) => Volatile.Write(ref _answer, answer);

    internal void LoseRequests(IEnumerable<byte> to)
    {
        lock (_lock)
        {
            _withoutRequests = [.. to];
        }
    }

    internal void LoseAnswers(IEnumerable<byte> to)
    {
        lock (_lock)
        {
            _withoutAnswers = [.. to];
        }
    }

    /// <summary>What comes is answered a second time, later; that answer is nobody's.</summary>
    internal void RepeatRequests(bool repeats)
    {
        lock (_lock)
        {
            _repeats = repeats;
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> AskAsync(
        ClusterId voter, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        byte number = NumberOf(voter);
        lock (_lock)
        {
            if (_withoutRequests.Contains(number))
            {
                return null;
            }
        }
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ports[number - 1]), cancellation);
            await VoterFrame.WriteAsync(socket, self, request, cancellation);
            return (await VoterFrame.ReadAsync(socket, cancellation))?.Bytes;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The answer to a request of another voter; null if there is none, or it is lost.</summary>
    internal async Task<byte[]?> AnswerAsync(VoterFrame request)
    {
        if (Volatile.Read(ref _answer) is not { } answer)
        {
            return null;
        }
        ReadOnlyMemory<byte>? reply = await answer(IdOf(request.Sender), request.Bytes, CancellationToken.None);
        lock (_lock)
        {
            if (_repeats)
            {
                _ = RepeatAsync(request);
            }
            return _withoutAnswers.Contains(request.Sender) ? null : reply?.ToArray();
        }
    }

    private async Task RepeatAsync(VoterFrame request)
    {
        await Task.Delay(Random.Shared.Next(RepetitionMsMax));
        if (Volatile.Read(ref _answer) is { } answer)
        {
            await answer(IdOf(request.Sender), request.Bytes, CancellationToken.None);
        }
    }
}
