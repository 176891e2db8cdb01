using System.Net;
using Bixbite.Cluster.Bus;
using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using Bixbite.Consensus;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Consensus;

/// <summary>Three voters that reach each other over the bus, by sockets.</summary>
public sealed class VoterBusTests : IAsyncDisposable
{
    private const int Count = 3;
    private static readonly ClusterId s_cluster = new(9, 9);
    private readonly TempDirectory _folder = new();
    private readonly ServerLog _log = new(SystemClock.Instance, (_, _) => { });
    private readonly int[] _ports = new int[Count + 1];
    private readonly BusNetwork?[] _buses = new BusNetwork?[Count + 1];
    private readonly RaftConsensus?[] _voters = new RaftConsensus?[Count + 1];
    private readonly NumberLog[] _numbers = new NumberLog[Count + 1];
    private int _next;

    [Fact]
    public async Task VotersAgreeOverTheBusAndOneComesBack()
    {
        for (int number = 1; number <= Count; number++)
        {
            await StartAsync(number);
        }
        for (int added = 2; added <= Count; added++)
        {
            long startedMs = Environment.TickCount64;
            while (await _voters[Leader()]!.AddVoterAsync(Name(added), Limit()) != ProposalOutcome.Committed)
            {
                Assert.False(Patience.IsOver(startedMs));
            }
        }
        await CommitAsync();
        int gone = Leader();
        await StopAsync(gone);
        await CommitAsync();
        await StartAsync(gone);
        await CommitAsync();
        Patience.Until(() => _numbers[1..].Select(log => string.Join(',', log.Numbers)).Distinct().Count() == 1);
    }

    public async ValueTask DisposeAsync()
    {
        for (int number = 1; number <= Count; number++)
        {
            await StopAsync(number);
        }
        _folder.Dispose();
        _log.Dispose();
    }

    private static ClusterId Name(int number) => new((UInt128)number, 7);

    private static CancellationToken Limit() => new CancellationTokenSource(Patience.LimitMs).Token;

    private NodeAddress? AddressOf(ClusterId node) => new("127.0.0.1", 1, 0, Volatile.Read(ref _ports[(int)node.High]));

    private async Task StartAsync(int number)
    {
        var bus = new BusNetwork(new BusIdentity(s_cluster, Name(number), "secret"u8.ToArray()), AddressOf, _log);
        _buses[number] = bus;
        Assert.Null(bus.Listen(new IPEndPoint(IPAddress.Loopback, _ports[number])));
        Volatile.Write(ref _ports[number], bus.EndPoint!.Port);
        _numbers[number] = new NumberLog();
        var options = new RaftOptions(Name(number), Path.Combine(_folder.Path, "voter" + number)) { FoundsLog = number == 1 };
        _voters[number] = new RaftConsensus(options, SystemDisk.Instance, _numbers[number], new VoterBus(bus), _log);
        await _voters[number]!.StartAsync(Limit());
    }

    private async Task StopAsync(int number)
    {
        if (_voters[number] is { } voter)
        {
            await voter.DisposeAsync();
            await _buses[number]!.DisposeAsync();
        }
        _voters[number] = null;
        _buses[number] = null;
    }

    private int Leader()
    {
        int leader = -1;
        Patience.Until(() =>
        {
            leader = Array.FindIndex(_voters, voter => voter?.Status.Role == ConsensusRole.Leading);
            return leader > 0;
        });
        return leader;
    }

    private async Task CommitAsync()
    {
        long startedMs = Environment.TickCount64;
        while ((await _voters[Leader()]!.ProposeAsync(NumberLog.Bytes(++_next), Limit())).Outcome != ProposalOutcome.Committed)
        {
            Assert.False(Patience.IsOver(startedMs));
        }
    }
}
