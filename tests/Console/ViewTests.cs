using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>Each view does what it is for.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ViewTests(Chromium browser) : IDisposable
{
    private readonly HttpServer _server = HttpServer.Start();

    [Fact]
    public async Task TheCommandLineCompletesHelpsAndAsks()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "command", "Command line");
        await RunAsync(page, "SET a 1");
        await page.UntilAsync(".r-status", "OK");
        await page.TypeAsync(".prompt-line input", "zad");
        await page.UntilThereAsync(".suggestions [aria-selected=true]");
        await page.Keyboard.PressAsync("Tab");
        await page.UntilContainsAsync(".help", "ZADD key [NX | XX]");
        await page.Keyboard.TypeAsync("board 1.5 \"a\\x00b\"");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilAsync(".r-number", "(integer) 1");
        await RunAsync(page, "ZRANGE board 0 -1");
        await page.UntilContainsAsync(".r-text", "a\\x00b");
        await RunAsync(page, "LPUSH board x");
        await page.UntilContainsAsync(".r-error", "WRONGTYPE");
        await RunAsync(page, "GET \"a");
        await page.UntilAsync(".r-error", "A quotation does not end.");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowUp");
        Assert.Equal("LPUSH board x", await page.EvaluateExpressionAsync<string>("document.activeElement.value"));
        await RunAsync(page, "FLUSHALL");
        await page.UntilAsync("dialog h2", "Run FLUSHALL?");
        await page.SendDialogAsync("Cancel");
        Assert.Equal(2, client.Call("DBSIZE").Integer);
        await RunAsync(page, "SUBSCRIBE news");
        await page.UntilContainsAsync(".reply", "subscribe");
        client.Call("PUBLISH news hello");
        await page.UntilContainsAsync(".reply", "\"hello\"");
    }

    [Fact]
    public async Task SlowRequestsAreListed()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("CONFIG SET slowlog-log-slower-than 0");
        client.Call("SET slow \"<b>\"");
        client.Call("CONFIG SET slowlog-log-slower-than 10000000");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "slow", "Slow requests");
        await page.UntilContainsAsync("td .request", "SET slow <b>");
        await page.UseAsync(".toolbar", "Empty");
        await page.SendDialogAsync("Empty");
        await page.UntilContainsAsync("p", "No request was slow.");
        Assert.Equal(0, client.Call("SLOWLOG LEN").Integer);
        await page.UseAsync("main", "Latency of commands");
        await page.UntilAsync("td", "set");
        await page.UseAsync("main", "Latency events");
        await page.UntilContainsAsync("h2", "What the doctor says");
    }

    [Fact]
    public async Task ClientsAreListedAndDisconnected()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("CLIENT SETNAME worker");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "clients", "Clients");
        await page.UntilAsync("td", "bixbite-console");
        await page.UseRowAsync("worker", "Times");
        await page.UntilAsync("dialog th", "execute");
        await page.SendDialogAsync("Close");
        await page.UseRowAsync("worker", "Disconnect");
        await page.SendDialogAsync("Disconnect");
        await page.UntilAsync(ConsoleActions.Notice, "Client disconnected");
        Assert.Empty(client.ReadToEnd());
    }

    [Fact]
    public async Task MessagesAndEventsAreSeenAsTheyHappen()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "live", "Live");
        await page.UseAsync("main > form", "Follow");
        Patience.Until(() => client.Call("PUBSUB NUMPAT").Integer == 1);
        client.Call("PUBLISH news \"<i>first</i>\"");
        await page.UntilAsync("td .bytes", "<i>first</i>");
        await page.FillLabelAsync("Channel", "news");
        await page.FillLabelAsync("Message", "second");
        await page.UseAsync(".card", "Publish");
        await page.UntilAsync("td .bytes", "second");

        await page.UseAsync("main > .choices", "Key events");
        await page.UseAsync(".hint", "Turn on");
        await page.UseAsync(".toolbar", "Follow");
        Patience.Until(() => client.Call("PUBSUB NUMPAT").Integer == 1);
        client.Call("SET watched 1");
        await page.UntilAsync("td .bytes", "watched");

        await page.UseAsync("main > .choices", "All commands");
        await page.UseAsync(".toolbar", "Follow");
        await page.SendDialogAsync("Follow");
        await page.WaitAsync("() => document.body.innerText.includes('Nothing has come yet.')");
        Patience.Until(() => client.Call("CLIENT LIST").Text.Contains("flags=O", StringComparison.Ordinal));
        client.Call("GET followed");
        await page.UntilContainsAsync("td .bytes", "\"followed\"");
    }

    /// <summary>A page that is flooded keeps the last messages only.</summary>
    [Fact]
    public async Task OfManyMessagesTheLastAreKept()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "live", "Live");
        await page.UseAsync("main > form", "Follow");
        Patience.Until(() => client.Call("PUBSUB NUMPAT").Integer == 1);
        for (int i = 0; i < 3000; i++)
        {
            client.Call($"PUBLISH news {i}");
        }
        await page.UntilContainsAsync(".progress", "3,000 came; the last 1,000 are shown");
        await page.UntilAsync("tbody tr:first-child td:last-child", "2999");
        Assert.Equal(1000, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('tbody tr').length"));
    }

    [Fact]
    public async Task SettingsAreExplainedAndChanged()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "settings", "Settings");
        await page.FillAsync("input[type=search]", "slowlog-max");
        await page.UntilContainsAsync("td", "How many commands the slow log keeps.");
        await page.UseRowAsync("slowlog-max-len", "Change");
        await page.FillLabelAsync("Value", "77");
        await page.SendDialogAsync("Set");
        await page.UntilAsync(ConsoleActions.Notice, "slowlog-max-len changed");
        Assert.Equal("77", client.Call("CONFIG GET slowlog-max-len").Items[1].Text);
        await page.UseAsync(".notices", "Undo");
        await page.UntilAsync("td", "128");
        Assert.Equal("128", client.Call("CONFIG GET slowlog-max-len").Items[1].Text);
        await page.UseAsync(".title", "Write to file");
        await page.SendDialogAsync("Write");
        await page.UntilContainsAsync(ConsoleActions.Notice, "without a config file");
    }

    [Fact]
    public async Task ASnapshotIsSaved()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("SET a 1");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "persistence", "Persistence");
        await page.UntilContainsAsync(".facts > div", "Saved since the start0");
        await page.UseAsync(".card", "Save now");
        await page.UntilContainsAsync(".facts > div", "Saved since the start1");
        await page.UntilContainsAsync(".facts > div", "Outcomeok");
        Assert.True(File.Exists(Path.Combine(_server.Server.Folder, "dump.rdb")));
    }

    [Fact]
    public async Task UsersAreMadeChangedAndDeleted()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "access", "Access");
        await page.UseAsync(".toolbar", "New user");
        await page.FillLabelAsync("Name", "anna");
        await page.FillLabelAsync("Password to add", "secret");
        await page.FillLabelAsync("Rules", "~anna:* +get");
        await page.SendDialogAsync("Save");
        await page.UntilAsync("tbody th", "anna");
        using (RespConnection other = _server.ConnectResp())
        {
            Assert.Equal("OK", other.Call("AUTH anna secret").Text);
            Assert.StartsWith("NOPERM", other.Call("SET a 1").Text, StringComparison.Ordinal);
        }
        await page.UseRowAsync("anna", "Change");
        await page.FillLabelAsync("Rules", "~anna:* +get +set");
        await page.SendDialogAsync("Save");
        await page.UntilContainsAsync("td", "+set");
        Assert.Contains("+set", client.Call("ACL GETUSER anna").ToString(), StringComparison.Ordinal);
        await page.UseRowAsync("anna", "Delete");
        await page.SendDialogAsync("Delete");
        Patience.Until(() => client.Call("ACL GETUSER anna").IsNull);
        await page.UseAsync("main > .choices", "Refusals");
        await page.UntilAsync("td", "anna");
    }

    public void Dispose() => _server.Dispose();

    private static async Task RunAsync(IPage page, string line)
    {
        await page.FillAsync(".prompt-line input", line);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Enter");
    }
}
