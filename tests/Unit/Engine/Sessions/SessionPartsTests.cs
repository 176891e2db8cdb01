using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Engine.Sessions;

public sealed class SessionPartsTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly SessionParts _parts = new();
    private readonly Session _one;
    private readonly Session _other;

    public SessionPartsTests()
    {
        _one = _engine.Connect().Session;
        _other = _engine.Connect().Session;
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void ASlotKeepsSomethingForEachSession()
    {
        SessionSlot<string> names = _parts.Slot<string>();
        SessionSlot<Version> versions = _parts.Slot<Version>();
        Assert.Null(names.Of(_one));
        versions.Put(_one, new Version(1, 2));
        names.Put(_one, "one");
        names.Put(_other, "other");
        Assert.Equal(("one", "other"), (names.Of(_one), names.Of(_other)));
        Assert.Equal(new Version(1, 2), versions.Of(_one));
        Assert.Null(versions.Of(_other));
        names.Put(_one, null);
        Assert.Null(names.Of(_one));
        Assert.Equal(new Version(1, 2), versions.Of(_one));
    }

    /// <summary>A session of which nothing is kept has no places, and forgetting nothing makes none.</summary>
    [Fact]
    public void ASessionHasNoPlacesForNothing()
    {
        SessionSlot<string> slot = _parts.Slot<string>();
        slot.Put(_one, null);
        Assert.Empty(_one.Slots);
    }

    [Fact]
    public void PartsAreAskedInTheirOrder()
    {
        var told = new List<string>();
        _parts.Add(new Recorder("first", told));
        _parts.Add(new Forgetful(told));
        _parts.Add(new Recorder("last", told));
        _parts.Reset(_one);
        Assert.Equal(["first reset", "forget", "last reset"], told);
        told.Clear();
        _parts.End(_one);
        Assert.Equal(["first end", "forget", "last end"], told);
    }

    [Fact]
    public void WhoIsGoneIsInTheTableNoMore()
    {
        _parts.End(_one);
        Assert.True(_one.Has(SessionFlags.Gone));
        Assert.Equal(1, _engine.Sessions.Count);
        Assert.Null(_engine.Sessions.Find(_one.Id));
        _parts.End(_one);
        Assert.Equal(1, _engine.Sessions.Count);
    }

    [Fact]
    public void FieldsAndLettersStandWhereRedisHasThem()
    {
        _parts.Text.Add("zone", static _ => 7);
        _parts.Text.Add("redir", static _ => -1);
        _parts.Text.Add("user", static _ => 5);
        _parts.Text.Add("sub", static _ => 3);
        _parts.Text.AddFlag('Z', static _ => true);
        _parts.Text.AddFlag('O', static _ => true);
        _one.Set(SessionFlags.NoTouch, true);
        string line = Line(_one);
        Assert.Contains(" flags=OTZ db=0 sub=3 qbuf=", line, StringComparison.Ordinal);
        Assert.Contains(" user=5 redir=-1 resp=2 ", line, StringComparison.Ordinal);
        Assert.EndsWith(" tot-cmds=0 zone=7", line, StringComparison.Ordinal);
    }

    [Fact]
    public void AClientWithoutLettersIsNormal() => Assert.Contains(" flags=N db=0 ", Line(_one), StringComparison.Ordinal);

    /// <summary>Whatever a client has begun, RESET leaves nothing of it.</summary>
    [Fact]
    public void ResetLeavesNothing()
    {
        EngineClient client = _engine.Connect();
        string before = _engine.Parts.Text.Of(client.Session, 0);
        long held = client.Session.StateBytes;
        client.Send("watch k");
        client.Send("subscribe c");
        client.Session.ProtocolVersion = 3;
        client.Send("multi");
        client.Send("set k v");
        _engine.Monitors.Add(client.Session);
        _engine.Tracking.Start(client.Session, default, redirectId: 0, []);
        string begun = _engine.Parts.Text.Of(client.Session, 0);
        Assert.Contains(" flags=OPxt db=0 sub=1 psub=0 ssub=0 multi=1 watch=1 ", begun, StringComparison.Ordinal);
        _engine.Parts.Reset(client.Session);
        Assert.Equal(held, client.Session.StateBytes);
        Assert.Equal(WithoutCounts(before), WithoutCounts(_engine.Parts.Text.Of(client.Session, 0)));
        Assert.Equal(0, _engine.Monitors.Count);
        Assert.Equal(0, _engine.PubSub.SubscriberCount);
    }

    private static string WithoutCounts(string line) => string.Join(
        ' ', line.Split(' ').Where(field => !field.StartsWith("cmd=", StringComparison.Ordinal)
            && !field.StartsWith("tot-cmds=", StringComparison.Ordinal) && !field.StartsWith("resp=", StringComparison.Ordinal)));

    private string Line(Session session)
    {
        var line = new LineBuilder(stackalloc byte[16]);
        _parts.Text.Append(ref line, session, 0);
        string text = Encoding.Latin1.GetString(line.Written);
        line.Dispose();
        return text;
    }

    private sealed class Recorder(string name, List<string> told) : ISessionPart
    {
        public void Reset(Session session) => told.Add(name + " reset");

        public void End(Session session) => told.Add(name + " end");
    }

    /// <summary>A part that does the same in both cases.</summary>
    private sealed class Forgetful(List<string> told) : ISessionPart
    {
        public void End(Session session) => told.Add("forget");
    }
}
