using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using Bixbite.Consensus;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Consensus;

/// <summary>Voters within this process on real files; processes that are killed are in tests/Crash.</summary>
public sealed class RaftConsensusTests : IAsyncDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly VoterNetwork _network = new();
    private readonly ServerLog _log = new(SystemClock.Instance, (_, _) => { });
    private readonly Dictionary<int, RaftConsensus> _voters = [];
    private readonly Dictionary<int, NumberLog> _numbers = [];
    private int _next;

    [Fact]
    public async Task OneVoterDecidesAloneAndKeepsWhatItDecided()
    {
        await StartAsync(1);
        for (int i = 0; i < 20; i++)
        {
            await CommitAsync();
        }
        await StopAsync(1);
        await StartAsync(1);
        Assert.Equal(Enumerable.Range(1, 20), _numbers[1].Numbers);
        Assert.True(await CommitAsync() > 20);
        Assert.False(_numbers[1].WentBack);
    }

    [Fact]
    public async Task ThreeVotersAgreeThroughRestartsAndSnapshots()
    {
        await StartThreeAsync();
        for (int round = 0; round < 6; round++)
        {
            int restarted = (round % 3) + 1;
            for (int i = 0; i < 7; i++)
            {
                await CommitAsync();
            }
            await StopAsync(restarted);
            await CommitAsync();
            await StartAsync(restarted);
        }
        await CommitAsync();
        UntilAllHaveTheSame();
    }

    [Fact]
    public async Task WhoIsCutOffConfirmsNothingAndDecidesNothing()
    {
        await StartThreeAsync();
        int leader = Leader();
        long term = _voters[leader].Status.Term;
        Assert.True(await _voters[leader].ConfirmLeadershipAsync(term, Limit()));
        _network.Cut(Name(leader), isCut: true);
        using (var soon = new CancellationTokenSource(500))
        {
            Assert.False(await _voters[leader].ConfirmLeadershipAsync(term, soon.Token));
        }
        await CommitAsync(except: leader);
        Proposal proposal = await _voters[leader].ProposeAsync(NumberLog.Bytes(-1), Limit());
        Assert.NotEqual(ProposalOutcome.Committed, proposal.Outcome);
        _network.Cut(Name(leader), isCut: false);
        await CommitAsync();
        UntilAllHaveTheSame();
        Assert.DoesNotContain(-1, _numbers[leader].Numbers);
    }

    [Fact]
    public async Task RequestsThatComeAgainTakeNothingAway()
    {
        await StartThreeAsync();
        _network.RepeatsRequests = true;
        for (int i = 0; i < 60; i++)
        {
            await CommitAsync();
        }
        _network.RepeatsRequests = false;
        await CommitAsync();
        UntilAllHaveTheSame();
    }

    /// <summary>Its leader does not know what it has, makes a snapshot of that, and sends it.</summary>
    [Fact]
    public async Task WhoseAnswersAreLostFollowsWhenTheyComeAgain()
    {
        await StartThreeAsync();
        int leader = Leader();
        int mute = (leader % 3) + 1;
        for (int round = 0; round < 3; round++)
        {
            _network.Mute(Name(mute), isMute: true);
            for (int i = 0; i < 25; i++)
            {
                await CommitAsync();
            }
            _network.Mute(Name(mute), isMute: false);
            await CommitAsync();
            UntilAllHaveTheSame();
            Assert.Equal(0, _voters[mute].Status.Restarts);
        }
    }

    [Fact]
    public async Task AVoterGoesAndTheOthersDecide()
    {
        await StartThreeAsync();
        int leader = Leader();
        int gone = (leader % 3) + 1;
        Assert.Equal(ProposalOutcome.Committed, await ChangeAsync(voter => voter.RemoveVoterAsync(Name(gone), Limit())));
        await StopAsync(gone);
        await CommitAsync();
        UntilAllHaveTheSame();
    }

    [Fact]
    public async Task AnEngineThatIsStartedAnewGoesOn()
    {
        await StartThreeAsync();
        await CommitAsync();
        await _voters[Leader()].RestartAsync("a test wants it", Limit());
        await CommitAsync();
        UntilAllHaveTheSame();
        Assert.Equal(1, _voters.Values.Sum(voter => voter.Status.Restarts));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RaftConsensus voter in _voters.Values)
        {
            await voter.DisposeAsync();
        }
        _folder.Dispose();
        _log.Dispose();
    }

    private static ClusterId Name(int number) => new((UInt128)number, 7);

    private static CancellationToken Limit() => new CancellationTokenSource(Patience.LimitMs).Token;

    private async Task StartAsync(int number)
    {
        _numbers[number] = new NumberLog();
        var options = new RaftOptions(Name(number), Path.Combine(_folder.Path, "voter" + number))
        {
            FoundsLog = number == 1,
            EntriesPerSnapshot = 10,
        };
        _voters[number] = new RaftConsensus(options, SystemDisk.Instance, _numbers[number], _network.PlaceOf(Name(number)), _log);
        await _voters[number].StartAsync(Limit());
    }

    private async Task StopAsync(int number)
    {
        if (_voters.Remove(number, out RaftConsensus? voter))
        {
            await voter.DisposeAsync();
        }
    }

    private async Task StartThreeAsync()
    {
        for (int number = 1; number <= 3; number++)
        {
            await StartAsync(number);
        }
        foreach (int added in (int[])[2, 3])
        {
            Assert.Equal(ProposalOutcome.Committed, await ChangeAsync(voter => voter.AddVoterAsync(Name(added), Limit())));
        }
    }

    private int Leader(int except = 0)
    {
        int leader = 0;
        Patience.Until(() =>
        {
            leader = _voters.FirstOrDefault(one => one.Key != except && one.Value.Status.Role == ConsensusRole.Leading).Key;
            return leader != 0;
        });
        return leader;
    }

    private async Task<ProposalOutcome> ChangeAsync(Func<RaftConsensus, Task<ProposalOutcome>> change)
    {
        ProposalOutcome outcome = ProposalOutcome.Unknown;
        long startedMs = Environment.TickCount64;
        while (outcome != ProposalOutcome.Committed && !Patience.IsOver(startedMs))
        {
            outcome = await change(_voters[Leader()]);
        }
        return outcome;
    }

    /// <summary>Proposes numbers until one is committed; returns how many there are.</summary>
    private async Task<long> CommitAsync(int except = 0)
    {
        long startedMs = Environment.TickCount64;
        while (!Patience.IsOver(startedMs))
        {
            Proposal proposal = await _voters[Leader(except)].ProposeAsync(NumberLog.Bytes(++_next), Limit());
            if (proposal.Outcome == ProposalOutcome.Committed)
            {
                return proposal.Result;
            }
        }
        Assert.Fail("nothing is committed");
        return 0;
    }

    private void UntilAllHaveTheSame()
    {
        Patience.Until(
            () => _voters.Keys.Select(number => string.Join(',', _numbers[number].Numbers)).Distinct().Count() == 1,
            () => string.Join('\n', _voters.Keys.Select(number => $"{number}: {string.Join(',', _numbers[number].Numbers)}")));
        Assert.All(_voters.Keys, number => Assert.False(_numbers[number].WentBack));
        Assert.All(_voters.Keys, number => Assert.Equal(_numbers[number].Numbers.Distinct().Count(), _numbers[number].Numbers.Length));
    }
}
