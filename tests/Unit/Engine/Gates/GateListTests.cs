using Bixbite.AccessControl.Users;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Xunit;

namespace Bixbite.Unit.Engine.Gates;

/// <summary>Who is asked before a command runs, in which order, and what becomes of whom.</summary>
public sealed class GateListTests : IDisposable
{
    /// <summary>A place that no gate of the server has.</summary>
    private const Concern Quota = (Concern)(1 << 10);

    private readonly EngineFixture _engine = new(
        EngineFixture.Probe("all", "write denyoom no_multi protected"),
        EngineFixture.Probe("admin", "admin"),
        EngineFixture.Probe("keep", "no_async_loading"));

    private readonly EngineClient _client;
    private readonly QuotaGate _quota = new();

    public GateListTests()
    {
        _client = _engine.Connect();
        _engine.Gates.Add(_quota);
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void WhereNothingIsRaisedNobodyIsAsked()
    {
        Assert.Equal("+OK", _client.Send("set k v"));
        Assert.Equal("$1 v", _client.Send("get k"));
        Assert.Equal(0, _quota.AskCount);
        Assert.Equal(Concern.None, _engine.Raised.All | _client.Session.Concerns | _engine.Command("get").Concerns);
    }

    [Fact]
    public void ASessionIsAskedForItsOwn()
    {
        EngineClient other = _engine.Connect();
        _client.Session.Raise(Quota, true);
        _quota.Says = Verdict.Refused;
        Assert.Equal("-QUOTA used up", _client.Send("set k v"));
        Assert.Equal("+OK", other.Send("set k v"));
        Assert.Equal(1, _engine.Command("set").Statistics.RejectedCalls);
        Assert.Equal(1, _engine.Statistics.ErrorReplies);
        _client.Session.Raise(Quota, false);
        Assert.Equal("+OK", _client.Send("set k v"));
        Assert.Equal(1, _quota.AskCount);
    }

    [Fact]
    public void AllAreAskedForWhatIsRaisedForAll()
    {
        _engine.Raised.Set(Quota, true);
        Assert.Equal("+OK", _client.Send("set k v"));
        Assert.Equal("$1 v", _engine.Connect().Send("get k"));
        Assert.Equal(2, _quota.AskCount);
        _engine.Raised.Set(Quota, false);
        _client.Send("get k");
        Assert.Equal(2, _quota.AskCount);
    }

    [Fact]
    public void ACommandIsAskedForItsFlags()
    {
        _client.Send("get k");
        Assert.Equal(0, _quota.AskCount);
        _client.Send("admin");
        Assert.Equal(1, _quota.AskCount);
    }

    [Fact]
    public void WhoIsRefusedInATransactionSpoilsIt()
    {
        Assert.Equal("+OK", _client.Send("multi"));
        _client.Session.Raise(Quota, true);
        _quota.Says = Verdict.Refused;
        Assert.Equal("-QUOTA used up", _client.Send("set k v"));
        _client.Session.Raise(Quota, false);
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", _client.Send("exec"));
        Assert.Equal("$-1", _client.Send("get k"));
    }

    [Fact]
    public void ARefusedExecEndsItsTransaction()
    {
        _client.Send("multi");
        _client.Send("set k v");
        _client.Session.Raise(Quota, true);
        _quota.Says = Verdict.Refused;
        Assert.Equal("-EXECABORT Transaction discarded because of: QUOTA used up", _client.Send("exec"));
        _client.Session.Raise(Quota, false);
        Assert.Equal("-ERR EXEC without MULTI", _client.Send("exec"));
    }

    [Fact]
    public void WhoIsPostponedAnswersNothingAndIsNotCounted()
    {
        _client.Session.Raise(Quota, true);
        _quota.Says = Verdict.Postponed;
        Assert.Equal("", _client.Send("set k v"));
        Assert.Equal(Outcome.Postponed, _client.Outcome);
        Assert.Equal(0, _engine.Statistics.CommandsProcessed);
        Assert.Equal(0, _engine.Command("set").Statistics.RejectedCalls);
        _quota.Says = Verdict.Admitted;
        Assert.Equal("+OK", _client.Send("set k v"));
        Assert.Equal(1, _engine.Command("set").Statistics.Calls);
    }

    [Fact]
    public void AGateMayRaiseTheConcernOfALaterOne()
    {
        _client.Session.Raise(Quota, true);
        _quota.Asked = () => _engine.State.IsLoading = true;
        Assert.StartsWith("-LOADING", _client.Send("get k"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhileOtherDataIsLoadedTheOldIsServedButNotReplacedOrSaved()
    {
        _engine.State.IsLoadingAside = true;
        Assert.Equal("+OK", _client.Send("set k v"));
        Assert.Equal("$1 v", _client.Send("get k"));
        Assert.StartsWith("-LOADING", _client.Send("keep"), StringComparison.Ordinal);
        _engine.State.IsLoadingAside = false;
        Assert.Equal("+OK", _client.Send("keep"));
    }

    /// <summary>Everything is wrong at once; what comes first is put right, one after the other.</summary>
    [Fact]
    public void TheFirstErrorIsThatOfRedis()
    {
        _client.Send("subscribe channel");
        _engine.Transactions.Begin(_client.Session);
        Assert.Null(_engine.Get<UserTable>().Set("default"u8, [">p"u8.ToArray()]));
        _client.Session.IsAuthenticated = false;
        _client.Link.IsLocal = false;
        _client.Session.Raise(Quota, true);
        _quota.Says = Verdict.Refused;
        _engine.Memory.LimitBytes = 1;
        _engine.State.HasSnapshotFailed = true;
        _engine.State.AofErrno = 28;
        _engine.State.IsLoading = true;
        _engine.Pause.Pause(_engine.NowMs + 1000, forAll: false);

        Expect("-ERR unknown command 'none', with args beginning with: ", "none");
        Expect("-ERR DEBUG command not allowed.");
        Assert.Null(_engine.Settings.Table.Find("enable-debug-command")!.Load(["yes"]));
        Expect("-NOAUTH Authentication required.");
        _client.Session.IsAuthenticated = true;
        Expect("-ERR Command not allowed inside a transaction");
        _engine.Transactions.Abandon(_client.Session);
        Expect("-QUOTA used up");
        _client.Session.Raise(Quota, false);

        // While writes are paused nobody is refused for memory.
        Expect("-MISCONF Redis is configured to save RDB snapshots");
        _engine.Pause.End();
        Expect("-OOM command not allowed");
        _engine.Memory.LimitBytes = 0;
        Expect("-MISCONF Redis is configured to save RDB snapshots");
        _engine.State.HasSnapshotFailed = false;
        Expect("-MISCONF Errors writing to the AOF file: No space left on device");
        _engine.State.AofErrno = 0;
        Expect("-ERR Can't execute 'all': only (P|S)SUBSCRIBE");
        _engine.PubSub.Forget(_client.Session);
        Expect("-LOADING Redis is loading the dataset in memory");
        _engine.State.IsLoading = false;
        Assert.Equal("+OK", _client.Send("all"));
        Assert.Equal(Concern.None, _engine.Raised.All | _client.Session.Concerns);
    }

    [Fact]
    public void EveryGateHasOneBitOfItsOwn()
    {
        Concern[] order = [.. _engine.Gates.All.Select(gate => gate.Concern)];
        Assert.Equal(order.Order(), order);
        // Those of clusters and of failover are not in this server.
        IEnumerable<Concern> expected = Enum.GetValues<Concern>().Append(Quota);
        Assert.Equal(expected.Where(concern => concern is not (Concern.None or Concern.Slot or Concern.Redirect)).Order(), order);
    }

    private void Expect(string error, string line = "all") => Assert.StartsWith(error, _client.Send(line) + " ", StringComparison.Ordinal);

    /// <summary>A gate of a module that the server does not have.</summary>
    private sealed class QuotaGate() : Gate(Quota)
    {
        public Verdict Says { get; set; } = Verdict.Admitted;

        public Action? Asked { get; set; }

        public int AskCount { get; private set; }

        public override CommandFlags RaisedBy => CommandFlags.Admin;

        public override Verdict Ask(CommandContext context, CommandFlags flags)
        {
            AskCount++;
            Asked?.Invoke();
            if (Says == Verdict.Refused)
            {
                context.Reply.Error("QUOTA used up"u8);
            }
            return Says;
        }
    }
}
