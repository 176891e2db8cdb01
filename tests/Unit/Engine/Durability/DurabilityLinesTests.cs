using Bixbite.Engine.Commands;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Xunit;

namespace Bixbite.Unit.Engine.Durability;

/// <summary>Who waits for a change before it is durable, and for which lines: the engine's part, without sockets and disks.</summary>
public sealed class DurabilityLinesTests : IDisposable
{
    private readonly StepModule _lines = new();
    private readonly EngineFixture _engine;
    private readonly EngineClient _writer;
    private readonly EngineClient _reader;

    public DurabilityLinesTests()
    {
        _engine = new EngineFixture(
            [_lines],
            EngineFixture.Probe("sizeof", "readonly"),
            EngineFixture.Probe("flush", "write", FlushAll),
            EngineFixture.Probe("look", "fast", LookAround),
            EngineFixture.Probe("note", "write", static context => context.RecordsChanged()),
            EngineFixture.Probe("notes", "fast", static context => context.ShowsRecords = true),
            new Command(new CommandAttribute("count") { Arity = 2, Flags = "write", Keys = "rw update; 1" }, Count));
        _lines.Log.Switch(true);
        _engine.EndTurn();
        _writer = _engine.Connect();
        _reader = _engine.Connect();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void AWriterWaitsForItsChangeAndOthersDoNot()
    {
        _writer.Send("set k v");
        _reader.Send("ping");
        Assert.Equal([1, 0], _engine.EndTurn());
        Assert.Equal(1, Held(_writer));
        Assert.Equal(0, Held(_reader));
    }

    [Fact]
    public void WhoeverReadsTheChangeWaitsUntilItIsDurable()
    {
        _writer.Send("set k v");
        _reader.Send("get k");
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
        EngineClient later = _engine.Connect();
        later.Send("get k");
        Assert.Equal([1, 0], _engine.EndTurn());
        Assert.Equal(1, Held(later));
        _lines.Log.Advance(1);
        EngineClient last = _engine.Connect();
        last.Send("get k");
        Assert.Empty(_engine.EndTurn());
        Assert.Equal(0, Held(last));
    }

    [Fact]
    public void WhoeverReadsSomethingElseOrBeforeDoesNotWait()
    {
        EngineClient before = _engine.Connect();
        before.Send("get k");
        _writer.Send("set k v");
        _reader.Send("get other");
        _engine.EndTurn();
        Assert.Equal(0, Held(before));
        Assert.Equal(0, Held(_reader));
    }

    [Theory]
    [InlineData("sizeof")]
    [InlineData("look")]
    public void WhoeverReadsWhatNoArgumentNamesWaitsForEveryChange(string request)
    {
        _reader.Send(request);
        Assert.Empty(_engine.EndTurn());
        _writer.Send("set k v");
        _engine.EndTurn();
        _reader.Send(request);
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void WhoeverSeesRecordsBesideTheKeysWaitsForTheirChange()
    {
        _writer.Send("set k v");
        _reader.Send("notes");
        _engine.EndTurn();
        Assert.Equal(0, Held(_reader));
        _writer.Send("note");
        _engine.EndTurn();
        Assert.Equal(2, Held(_writer));
        _reader.Send("notes");
        Assert.Equal([2, 0], _engine.EndTurn());
        Assert.Equal(2, Held(_reader));
        _lines.Log.Advance(2);
        EngineClient last = _engine.Connect();
        last.Send("notes");
        Assert.Empty(_engine.EndTurn());
    }

    [Theory]
    [InlineData("set k w nx")]
    [InlineData("del gone")]
    [InlineData("lpop k")]
    public void AWriteThatChangesNothingIsARead(string request)
    {
        _writer.SendAll("set k v", "set gone v", "del gone");
        _engine.EndTurn();
        _reader.Send(request);
        _engine.EndTurn();
        Assert.Equal(3, _lines.Log.End);
        Assert.Equal(3, Held(_reader));
    }

    [Fact]
    public void WhatASessionHasChangedOrSeenHoldsAllThatItSends()
    {
        EngineClient subscriber = _engine.Connect();
        subscriber.Send("subscribe c");
        _engine.EndTurn();
        _writer.Send("publish c before");
        Assert.Empty(_engine.EndTurn());
        _writer.Send("set k v");
        _engine.EndTurn();
        _writer.Send("publish c after");
        Assert.Equal([1, 0], _engine.EndTurn());
        _reader.Send("publish c unconcerned");
        Assert.Empty(_engine.EndTurn());
        _reader.SendAll("get k", "publish c seen");
        Assert.Equal([1, 0], _engine.EndTurn());
        _lines.Log.Advance(1);
        _writer.Send("publish c durable");
        Assert.Empty(_engine.EndTurn());
    }

    [Fact]
    public void ATransactionWaitsForItsEnd()
    {
        _writer.SendAll("multi", "set a 1", "get a", "set b 2");
        Assert.Empty(_engine.EndTurn());
        _writer.Send("exec");
        Assert.Equal([_lines.Log.End, 0], _engine.EndTurn());
        Assert.Equal(4, Held(_writer));
        _reader.Send("get b");
        _engine.EndTurn();
        Assert.Equal(4, Held(_reader));
    }

    [Fact]
    public void ATransactionThatReadsWaitsForWhatItRead()
    {
        _writer.Send("set k v");
        _engine.EndTurn();
        _reader.SendAll("multi", "get other", "exec");
        _engine.EndTurn();
        Assert.Equal(0, Held(_reader));
        _reader.SendAll("multi", "get other", "get k", "exec");
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void ABrokenWatchTellsOfTheChange()
    {
        _reader.Send("watch k");
        _writer.Send("set k v");
        _engine.EndTurn();
        _reader.SendAll("multi", "ping");
        _engine.EndTurn();
        Assert.Equal(0, Held(_reader));
        Assert.Equal("*-1", _reader.Send("exec"));
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void WhoeverIsServedWaitsForTheChangeThatServedHim()
    {
        _reader.Send("blpop q 0");
        Assert.Empty(_engine.EndTurn());
        _writer.Send("rpush q x");
        Assert.Equal([_lines.Log.End, 0], _engine.EndTurn());
        Assert.Equal("*2 $1 q $1 x", _reader.Received());
        Assert.Equal(2, _lines.Log.End);
    }

    [Fact]
    public void WhatAWaitHasSeenHoldsItsEnd()
    {
        _writer.SendAll("rpush q x", "lpop q");
        _engine.EndTurn();
        _reader.Send("blpop q 1");
        _engine.EndTurn();
        Assert.Equal(2, Held(_reader));
    }

    [Fact]
    public void WhatHappensByItselfHoldsWhatIsSentOfIt()
    {
        _engine.AdvanceMs(1);
        _writer.Send("set k v px 10");
        _engine.EndTurn();
        _lines.Log.Advance(1);
        _engine.AdvanceMs(1000);
        Assert.Equal(0, _engine.Databases[0].Count);
        Assert.Equal([2, 0], _engine.EndTurn());
        _reader.Send("get other");
        Assert.Empty(_engine.EndTurn());
        _reader.Send("get k");
        _engine.EndTurn();
        Assert.Equal(2, Held(_reader));
    }

    [Fact]
    public void AnEmptiedDatabaseIsAChangeOfEveryKey()
    {
        _writer.Send("flush");
        _engine.EndTurn();
        _reader.Send("get never-there");
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void ChangesThatNobodyIsToldOfAreChangesOfTheCommandsKeys()
    {
        _writer.Send("count k");
        _engine.EndTurn();
        EngineClient other = _engine.Connect();
        other.Send("get other");
        _reader.Send("get k");
        _engine.EndTurn();
        Assert.Equal(0, Held(other));
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void WhatWasThereBeforeTheLineWasUsedIsSeenOnlyWhenItIsDurable()
    {
        _lines.Log.Switch(false);
        _writer.Send("set k v");
        Assert.Empty(_engine.EndTurn());
        Assert.Equal(0, Held(_writer));
        _lines.Log.Switch(true);
        _engine.EndTurn();
        _reader.Send("get k");
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void AChangeWaitsThoughTheLineIsSwitchedOffInItsTurn()
    {
        _writer.Send("set k v");
        _lines.Log.Switch(false);
        Assert.Equal([1, 0], _engine.EndTurn());
        Assert.Equal(1, Held(_writer));
    }

    [Fact]
    public void WhereNothingIsPromisedNobodyWaits()
    {
        _lines.Log.IsPromising = false;
        _writer.Send("set k v");
        _reader.Send("get k");
        Assert.Empty(_engine.EndTurn());
        Assert.Equal(0, Held(_writer) + Held(_reader));
    }

    [Fact]
    public void WhileNoLineIsInUseNobodyIsWatched()
    {
        _lines.Log.Switch(false);
        Assert.False(_engine.Get<DurabilityLines>().IsOn);
        Assert.Null(_engine.Runner.ChangeObserver);
        int turns = _lines.Log.TurnCount;
        _engine.EndTurn();
        Assert.Equal(turns + 1, _lines.Log.TurnCount);
    }

    [Fact]
    public void ASessionThatLeavesInItsTurnIsForgotten()
    {
        _writer.Send("set k v");
        _engine.Disconnect(_writer);
        Assert.Equal([1, 0], _engine.EndTurn());
        Assert.Equal(0, Held(_writer));
        _reader.Send("get k");
        _engine.EndTurn();
        Assert.Equal(1, Held(_reader));
    }

    [Fact]
    public void OnlyThoseWaitForALineWhoAskForIt()
    {
        _lines.Quorum.Switch(true);
        _engine.EndTurn();
        DurabilityLines.Ask(_reader.Session, _lines.Quorum, isWanted: true);
        _writer.Send("set k v");
        _reader.Send("get k");
        Assert.Equal([1, 1], _engine.EndTurn());
        Assert.Equal((1, 0), (Held(_writer), Held(_writer, _lines.Quorum)));
        Assert.Equal((1, 1), (Held(_reader), Held(_reader, _lines.Quorum)));
        _lines.Log.Advance(1);
        _reader.Send("get k");
        Assert.Equal([0, 1], _engine.EndTurn());
        DurabilityLines.Ask(_reader.Session, _lines.Quorum, isWanted: false);
        _reader.Send("set k w");
        _engine.EndTurn();
        Assert.Equal((2, 1), (Held(_reader), Held(_reader, _lines.Quorum)));
    }

    [Fact]
    public void TheLineOfAllCannotBeDeclined()
    {
        DurabilityLines.Ask(_writer.Session, _lines.Log, isWanted: false);
        _writer.Send("set k v");
        _engine.EndTurn();
        Assert.Equal(1, Held(_writer));
    }

    private static void LookAround(CommandContext context)
    {
        context.ShowsAnyKey = true;
        context.Reply.Ok();
    }

    private void FlushAll(CommandContext context)
    {
        context.CountDirty(1);
        _engine.Changes.PublishContentReplaced(context.Database);
        context.Reply.Ok();
    }

    private static void Count(CommandContext context)
    {
        context.CountDirty(1);
        context.Reply.Ok();
    }

    private long Held(EngineClient client) => Held(client, _lines.Log);

    private static long Held(EngineClient client, DurabilityLine line) => client.Link.Held.GetValueOrDefault(line.Number);
}
