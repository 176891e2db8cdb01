using Bixbite.Hosting;
using Bixbite.Logging;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>What a server is given is checked where it is given, and a mistake is told in a sentence.</summary>
public sealed class ServerOptionsTests
{
    [Theory]
    [InlineData("maxmemory", "64mbb", "The setting 'maxmemory' cannot be '64mbb': argument must be a memory value; it accepts ")]
    [InlineData("io-threads", "0", "The setting 'io-threads' cannot be '0': argument must be between 1 and 128 inclusive; it accepts ")]
    [InlineData("appendonly", "perhaps", "The setting 'appendonly' cannot be 'perhaps': argument must be 'yes' or 'no'; it accepts ")]
    [InlineData("no-such-setting", "1", "'no-such-setting 1' is no line of a configuration: Bad directive or wrong number of arguments; ")]
    [InlineData("rename-command", "'a b", "'rename-command 'a b' is no line of a configuration: Unbalanced quotes in configuration line; ")]
    [InlineData("dir", "/", "The setting 'dir' moves the whole process: ")]
    public void AValueThatCannotBeIsRefusedWithASentence(string name, string value, string start)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new ServerOptions().Set(name, value));
        Assert.StartsWith(start, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheExampleOfThePageIsSo()
    {
        string refusal = Assert.Throws<ArgumentException>(() => new ServerOptions().Set("maxmemory", "64mbb")).Message;
        string page = File.ReadAllText(Configuration.Repository.File("docs/HOSTING.md"));
        Assert.Contains($"    {refusal.Split(" (Parameter")[0]}\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsAreThoseOfAFile()
    {
        using InProcessServer server = new(static options => options
            .Set("maxmemory", "64mb")
            .Set("save", "100 1 200 2")
            .Set("SAVE", "")
            .Set("requirepass", "a \"secret\"")
            .Set("rename-command", "FLUSHALL \"\"")
            .Set("rename-command", "get lookup"));
        using InProcessStream client = server.Connect();
        client.Write("*2\r\n$4\r\nAUTH\r\n$10\r\na \"secret\"\r\n"u8);
        Assert.Equal("+OK", InProcessServer.ReadLine(client));
        Assert.Equal("$-1", InProcessServer.Call(client, "LOOKUP key"));
        Assert.StartsWith("-ERR unknown command", InProcessServer.Call(client, "FLUSHALL"), StringComparison.Ordinal);
        client.Write("CONFIG GET maxmemory\r\nCONFIG GET save\r\n"u8);
        string[] replies = ["*2", "$9", "maxmemory", "$8", "67108864", "*2", "$4", "save", "$0", ""];
        Assert.Equal(replies, Enumerable.Range(0, replies.Length).Select(_ => InProcessServer.ReadLine(client)));
    }

    [Fact]
    public void AFileIsLoadedAndItsMistakesHaveAPlace()
    {
        using TempDirectory folder = new();
        string path = Path.Combine(folder.Path, "a.conf");
        File.WriteAllText(path, "maxclients 77\n\nmaxclients many\n");
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new ServerOptions().LoadFile(path));
        Assert.StartsWith($"{path}, line 3: argument couldn't be parsed into an integer; ", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ServerOptions().LoadFile(path + "x"));
    }

    [Fact]
    public void OptionsBelongToOneServer()
    {
        ServerOptions options = new();
        using ServerInstance server = ServerInstance.Create(options);
        Assert.Throws<InvalidOperationException>(() => ServerInstance.Create(options));
    }

    [Fact]
    public void ContradictionsAreToldBeforeAnythingIsMade()
    {
        Assert.Throws<ServerStartException>(() => ServerInstance.Create(new ServerOptions().Set("port", "7000")));
        Assert.Throws<ServerStartException>(() => ServerInstance.Create(new ServerOptions().Set("logfile", "/nowhere/at/all")));
        ServerStartException failure = Assert.Throws<ServerStartException>(
            () => ServerInstance.Create(new ServerOptions().Set("rename-command", "no-such-command x")));
        Assert.StartsWith("No such command in rename-command: ", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ServerStartException>(() => ServerInstance.Create(new ServerOptions().Set("rename-command", "get set")));
    }

    [Fact]
    public void TextsOfTheLogAreHandedOn()
    {
        List<(LogLevel Level, string Text)> lines = [];
        ServerLog log = new(SystemClock.Instance, (level, text) =>
        {
            lock (lines)
            {
                lines.Add((level, text));
            }
        });
        using (InProcessServer server = new(options => options.Set("appendfsync", "no").Log = log))
        {
            using InProcessStream client = server.Connect();
            Assert.Equal("+OK", InProcessServer.Call(client, "CONFIG SET loglevel warning"));
            Assert.False(log.IsOn(LogLevel.Notice));
        }
        Assert.Contains((LogLevel.Notice, "Server initialized"), lines);
    }
}
