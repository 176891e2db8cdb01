using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>CONFIG DOCS tells of settings what docs/SETTINGS.md does.</summary>
public sealed class ConfigDocsTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start();

    [Fact]
    public void EverySettingIsExplained()
    {
        using RespConnection client = _server.Connect();
        client.Call("HELLO 3");
        Reply[] values = [.. client.Call("CONFIG GET *").Items.Chunk(2).Select(pair => pair[0])];
        Reply[][] docs = [.. client.Call("CONFIG DOCS").Items.Chunk(2)];
        Assert.Equal(values.Select(name => name.Text), docs.Select(doc => doc[0].Text));
        Assert.All(docs, static doc => Assert.EndsWith(".", Field(doc[1], "summary"), StringComparison.Ordinal));
        Assert.All(docs, static doc => Assert.Contains(Field(doc[1], "change"), (string[])["yes", "no", "protected"]));
        Assert.All(docs, static doc => Assert.Contains(Field(doc[1], "effect"), (string[])["works", "no meaning", "later", "not yet"]));
    }

    [Fact]
    public void SettingsAreFoundByNamesAndPatterns()
    {
        using RespConnection client = _server.Connect();
        Reply reply = client.Call("CONFIG DOCS port maxmemory-pol* nosuch");
        Assert.Equal(["port", "maxmemory-policy"], reply.Items.Chunk(2).Select(pair => pair[0].Text));
        Assert.Equal("6379", Field(reply.Items[1], "default"));
        Assert.Equal("0 to 65535", Field(reply.Items[1], "accepts"));
        Assert.Equal("Network", Field(reply.Items[1], "group"));
        Assert.Equal("no", Field(client.Call("CONFIG DOCS io-threads").Items[1], "change"));
    }

    public void Dispose() => _server.Dispose();

    private static string Field(Reply map, string name) => map.Items.Chunk(2).Single(pair => pair[0].Text == name)[1].Text;
}
