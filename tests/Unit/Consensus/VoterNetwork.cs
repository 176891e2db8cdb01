using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;

namespace Bixbite.Unit.Consensus;

/// <summary>Voters within the process; links can be cut, and requests come late and twice.</summary>
internal sealed class VoterNetwork
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClusterId, Place> _places = [];
    private readonly HashSet<ClusterId> _cut = [];
    private readonly HashSet<ClusterId> _mute = [];

    /// <summary>Each request that carries entries is answered a second time, later, and that answer is nobody's.</summary>
    internal bool RepeatsRequests { get; set; }

    internal IVoterTransport PlaceOf(ClusterId voter)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(voter, out Place? place))
            {
                _places[voter] = place = new Place(this, voter);
            }
            return place;
        }
    }

    internal void Cut(ClusterId voter, bool isCut)
    {
        lock (_lock)
        {
            _ = isCut ? _cut.Add(voter) : _cut.Remove(voter);
        }
    }

    /// <summary>It hears what others ask, and its answers are lost.</summary>
    internal void Mute(ClusterId voter, bool isMute)
    {
        lock (_lock)
        {
            _ = isMute ? _mute.Add(voter) : _mute.Remove(voter);
        }
    }

    private bool IsHeard(ClusterId from, ClusterId to)
    {
        lock (_lock)
        {
            return !_mute.Contains(from) && Find(from, to) is not null;
        }
    }

    private VoterAnswer? Find(ClusterId from, ClusterId to)
    {
        lock (_lock)
        {
            return _cut.Contains(from) || _cut.Contains(to) ? null : _places.GetValueOrDefault(to)?.Answer;
        }
    }

    private async Task RepeatAsync(ClusterId from, ClusterId to, ReadOnlyMemory<byte> request)
    {
        await Task.Delay(Random.Shared.Next(20, 200));
        if (Find(from, to) is { } answer)
        {
            await answer(from, request, CancellationToken.None);
        }
    }

    private sealed class Place(VoterNetwork network, ClusterId voter) : IVoterTransport
    {
        internal VoterAnswer? Answer { get; private set; }

        public async ValueTask<ReadOnlyMemory<byte>?> AskAsync(
            ClusterId to, ReadOnlyMemory<byte> request, CancellationToken cancellation)
        {
            if (network.Find(voter, to) is not { } answer)
            {
                return null;
            }
            if (network.RepeatsRequests && request.Length > 64)
            {
                _ = network.RepeatAsync(voter, to, request);
            }
            await Task.Yield();
            ReadOnlyMemory<byte>? reply = await answer(voter, request, CancellationToken.None).AsTask().WaitAsync(cancellation);
            return network.IsHeard(to, voter) ? reply : null;
        }

        public void Serve(VoterAnswer? answer) => Answer = answer;
    }
}
