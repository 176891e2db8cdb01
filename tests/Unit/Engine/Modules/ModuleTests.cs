using Bixbite.Commands;
using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Logging;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Unit.Hosting;
using Xunit;

namespace Bixbite.Unit.Engine.Modules;

public sealed class ModuleTests : IDisposable
{
    private readonly EngineFixture _engine = new([new VisitsModule()]);
    private readonly EngineClient _client;

    public ModuleTests() => _client = _engine.Connect();

    private Visits Visits => _engine.Get<Visits>();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void ItsCommandsRunLikeAllOthers()
    {
        Assert.Equal(":1", _client.Send("visit"));
        Assert.Equal(":2", _client.Send("VISIT"));
        Assert.Equal(":1", _engine.Connect().Send("visit"));
        Assert.Equal("-ERR wrong number of arguments for 'visit' command", _client.Send("visit me"));
        Assert.Equal(3, _engine.Command("visit").Statistics.Calls);
        Assert.Equal("+OK +QUEUED +QUEUED *2 :3 +PONG", _client.SendAll("multi", "visit", "ping", "exec"));
    }

    [Fact]
    public void ItsGateStandsBeforeCommandsUntilItsCronTaskOpensIt()
    {
        _engine.AdvanceMs(1);
        for (int i = 0; i < _engine.Get<VisitsSettings>().CountMax.Value; i++)
        {
            _client.Send("visit");
        }
        Assert.Equal("-ERR value is out of range", _client.Send("visit"));
        Assert.Equal("+PONG", _client.Send("ping"));
        _engine.AdvanceMs(998);
        Assert.StartsWith("-ERR", _client.Send("visit"), StringComparison.Ordinal);
        _engine.AdvanceMs(1);
        _engine.AdvanceMs(1);
        Assert.Equal(":4", _client.Send("visit"));
    }

    [Fact]
    public void WhatItKeepsOfAClientEndsWithResetAndWithTheConnection()
    {
        EngineClient other = _engine.Connect();
        _client.Send("visit");
        other.Send("visit");
        other.Send("visit");
        Assert.Equal((1, 2, 2), (Visits.CountOf(_client.Session), Visits.CountOf(other.Session), Visits.VisitorCount));
        _engine.Parts.Reset(other.Session);
        Assert.Equal(":1", other.Send("visit"));
        _engine.Disconnect(other);
        Assert.Equal(1, Visits.VisitorCount);
        Assert.Equal(4, Visits.Total);
    }

    [Fact]
    public void ClientListAndInfoTellOfIt()
    {
        _client.Send("visit");
        string line = _engine.Parts.Text.Of(_client.Session, _engine.NowMs);
        Assert.Contains(" flags=v db=0 ", line, StringComparison.Ordinal);
        Assert.EndsWith(" visits=1", line, StringComparison.Ordinal);
        var text = new InfoText();
        text.Section(_engine.Info["Visits"]);
        text.Section(_engine.Info["Clients"]);
        string info = System.Text.Encoding.UTF8.GetString(text.ToBytes());
        Assert.StartsWith("# Visits\r\nvisits:1\r\nvisitors:1\r\n\r\n# Clients\r\nconnected_clients:1\r\n", info, StringComparison.Ordinal);
        Assert.EndsWith("visiting_clients:1\r\n", info, StringComparison.Ordinal);
    }

    /// <summary>Whatever a command class takes is there: the whole server, and one capability more.</summary>
    [Fact]
    public void AServerIsPutTogetherWholeWithOneLineMore()
    {
        using InProcessServer server = new(static options => options.Set("rename-command", "visit call"), new VisitsModule());
        using InProcessStream client = server.Connect();
        Assert.Equal(":1", InProcessServer.Call(client, "CALL"));
        Assert.StartsWith("-ERR unknown command", InProcessServer.Call(client, "VISIT"), StringComparison.Ordinal);
    }

    [Fact]
    public void ItsSettingIsReadFromFilesShownChangedAndRewritten()
    {
        using TempDirectory folder = new();
        string path = Path.Combine(folder.Path, "redis.conf");
        File.WriteAllText(path, "visits-max 1\n");
        using InProcessServer server = new(options => options.LoadFile(path), new VisitsModule());
        using InProcessStream client = server.Connect();
        Assert.Equal("+OK", InProcessServer.Call(client, "CONFIG SET visits-max 2"));
        Assert.Equal(
            "-ERR CONFIG SET failed (possibly related to argument 'visits-max') - "
                + "argument must be between 1 and 9223372036854775807 inclusive",
            InProcessServer.Call(client, "CONFIG SET visits-max 0"));
        Assert.Equal(":1", InProcessServer.Call(client, "VISIT"));
        Assert.Equal(":2", InProcessServer.Call(client, "VISIT"));
        Assert.StartsWith("-ERR", InProcessServer.Call(client, "VISIT"), StringComparison.Ordinal);
        client.Write("CONFIG GET visit*\r\n"u8);
        Assert.Equal(["*2", "$10", "visits-max", "$1", "2"], Enumerable.Range(0, 5).Select(_ => InProcessServer.ReadLine(client)));
        Assert.Equal("+OK", InProcessServer.Call(client, "CONFIG REWRITE"));
        Assert.StartsWith("visits-max 2\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void ASettingThatNobodyDeclaredIsNamed()
    {
        string message = Assert.Throws<InvalidOperationException>(() => Composition.CreateSettings().Get<VisitsSettings>()).Message;
        Assert.Contains(typeof(VisitsSettings).FullName!, message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new VisitsModule().AddSettings(_engine.Settings));
    }

    [Fact]
    public void AMissingServiceIsNamedWithWhoNeedsIt()
    {
        var services = new ServiceRegistry();
        services.Add(new SessionParts());
        string message = Assert.Throws<InvalidOperationException>(() => services.Require(CommandCatalog.Needs)).Message;
        Assert.Contains(
            "Bixbite.Commands.PubSub.Subscribe needs Bixbite.Engine.PubSub.PubSubBroker", message, StringComparison.Ordinal);
        Assert.DoesNotContain("SessionParts", message, StringComparison.Ordinal);
        message = Assert.Throws<InvalidOperationException>(() => services.Get<Visits>()).Message;
        Assert.Contains(typeof(Visits).FullName!, message, StringComparison.Ordinal);
    }

    [Fact]
    public void AServiceIsTheOnlyOneOfItsType()
    {
        var services = new ServiceRegistry();
        SessionParts parts = services.Add(new SessionParts());
        Assert.Same(parts, services.Get<SessionParts>());
        Assert.Throws<InvalidOperationException>(() => services.Add(new SessionParts()));
        Assert.Null(services.Find<Visits>());
    }
}
