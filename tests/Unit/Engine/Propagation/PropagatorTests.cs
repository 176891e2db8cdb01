using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Xunit;

namespace Bixbite.Unit.Engine.Propagation;

/// <summary>What is told to whoever keeps or forwards changes.</summary>
public sealed class PropagatorTests : IDisposable
{
    private readonly EngineFixture _engine = new(
        EngineFixture.Probe("replaced", "write", Replace),
        EngineFixture.Probe("silenced", "write", Silence),
        EngineFixture.Probe("insisted", "may_replicate", Insist),
        EngineFixture.Probe("reader", "readonly", Change),
        EngineFixture.Probe("several", "write", ReplaceBySeveral));

    private readonly CollectingSink _sink = new();
    private readonly EngineClient _client;

    public PropagatorTests()
    {
        _client = _engine.Connect();
        _engine.Propagator.Attach(_sink);
    }

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("set k v", "0: set k v")]
    [InlineData("SET k v", "0: SET k v")]
    [InlineData("del k", "")]
    [InlineData("get k", "")]
    [InlineData("set k", "")]
    [InlineData("replaced k", "0: SET k other")]
    [InlineData("silenced k", "")]
    [InlineData("insisted k", "0: insisted k")]
    [InlineData("reader k", "")]
    [InlineData("several k", "0: MULTI | 0: DEL k | 0: SET k 7 | -1: EXEC")]
    public void ACommandIsToldAsWhatItChanged(string line, string expected)
    {
        _client.Send(line);
        Assert.Equal(expected, _sink.Take());
    }

    [Fact]
    public void TheDatabaseIsThatOfTheClient()
    {
        _client.Send("select 3");
        _client.Send("set k v");
        Assert.Equal("3: set k v", _sink.Take());
    }

    [Fact]
    public void ATransactionIsToldWhole()
    {
        _client.Send("multi");
        _client.Send("set a 1");
        _client.Send("get a");
        Assert.Equal("", _sink.Take());
        _client.Send("incr a");
        _client.Send("exec");
        Assert.Equal("0: MULTI | 0: set a 1 | 0: incr a | -1: EXEC", _sink.Take());
    }

    [Fact]
    public void ATransactionOfOneChangeStandsForItself()
    {
        _client.Send("multi");
        _client.Send("set a 1");
        _client.Send("get a");
        _client.Send("exec");
        Assert.Equal("0: set a 1", _sink.Take());
    }

    [Fact]
    public void ADueKeyIsToldAsRemovedBeforeWhatMetIt()
    {
        _client.Send("set k v px 10");
        _sink.Take();
        _engine.AdvanceMs(11);
        _client.Send("get k");
        Assert.Equal("0: DEL k", _sink.Take());
        _client.Send("set k v px 10");
        _sink.Take();
        _engine.AdvanceMs(11);
        _client.Send("incr k");
        Assert.Equal("0: MULTI | 0: DEL k | 0: incr k | -1: EXEC", _sink.Take());
    }

    [Fact]
    public void WhoHasWaitedIsToldAsWhatItDid()
    {
        EngineClient waiting = _engine.Connect();
        waiting.Send("blpop list 0");
        Assert.Equal("", _sink.Take());
        _client.Send("rpush list a");
        Assert.Equal("0: rpush list a | 0: LPOP list", _sink.Take());
    }

    [Fact]
    public void NobodyIsToldOnceItIsDetached()
    {
        _engine.Propagator.Detach(_sink);
        _client.Send("set k v");
        Assert.Equal("", _sink.Take());
        Assert.False(_engine.Propagator.Effects.IsWanted);
    }

    private static void Change(CommandContext context)
    {
        context.Changed(context[1], KeyEventClass.Generic, "probe"u8);
        context.Reply.Ok();
    }

    private static void Replace(CommandContext context)
    {
        Change(context);
        context.Effects.Write("SET"u8, context[1], "other"u8);
    }

    private static void ReplaceBySeveral(CommandContext context)
    {
        Change(context);
        context.Effects.Write("DEL"u8, context[1]);
        context.Effects.Write("SET"u8, context[1], 7);
    }

    private static void Silence(CommandContext context)
    {
        Change(context);
        context.Effects.Suppress();
    }

    private static void Insist(CommandContext context)
    {
        context.Effects.ForcePropagation();
        context.Reply.Ok();
    }
}
