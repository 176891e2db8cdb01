using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>Keys of each type are shown and changed as they are, and what was changed can be undone.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class KeyTests(Chromium browser) : IDisposable
{
    private readonly HttpServer _server = HttpServer.Start();

    [Fact]
    public async Task AStringIsEditedAndTheEditIsUndone()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("""SET document "{\"n\":12345678901234567890,\"list\":[1,2]}" EX 5000""");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/document", "Keys");
        await page.UntilContainsAsync("pre.value", "\n  \"n\": 12345678901234567890,\n");
        await page.UseAsync(".key", "Hex");
        await page.UntilContainsAsync("pre.value", "00000000  7b 22 6e");
        await page.UseAsync(".key", "Text");
        await page.UseAsync(".key .toolbar", "Edit");
        await page.FillLabelAsync("Value", "changed ä");
        await page.UntilContainsAsync(".editor .problem", "No JSON any more");
        await page.UseAsync(".editor", "Save");
        await page.UntilAsync("pre.value", "changed ä");
        Assert.Equal("changed ä", client.Call("GET document").Text);
        Assert.InRange(client.Call("TTL document").Integer, 1, 5000);
        await page.UndoAsync();
        await page.UntilContainsAsync("pre.value", "12345678901234567890");
        Assert.Equal("""{"n":12345678901234567890,"list":[1,2]}""", client.Call("GET document").Text);
        Assert.InRange(client.Call("TTL document").Integer, 1, 5000);
    }

    [Fact]
    public async Task FieldsOfAHashTableHaveExpiry()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("HSET user name Anna age 31");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/user", "Keys");
        await page.UseRowAsync("age", "Edit");
        await page.FillLabelAsync("Value", "32");
        await page.FillLabelAsync("Expires after seconds", "5000");
        await page.SendDialogAsync("Save");
        await page.UntilAsync(ConsoleActions.Notice, "Field changed");
        Assert.Equal("32", client.Call("HGET user age").Text);
        Assert.InRange(client.Call("HTTL user FIELDS 1 age").Items[0].Integer, 1, 5000);
        await page.UntilContainsAsync("td", "1 h 23 min");
        await page.UseRowAsync("name", "Delete");
        await page.UntilAsync(ConsoleActions.Notice, "Field deleted");
        Assert.Equal(0, client.Call("HEXISTS user name").Integer);
        await page.UndoAsync();
        Assert.Equal("Anna", client.Call("HGET user name").Text);
        await page.UseAsync(".key .toolbar", "Add field");
        await page.FillLabelAsync("Field", "city");
        await page.FillLabelAsync("Value", "Oslo");
        await page.SendDialogAsync("Save");
        await page.UntilAsync(ConsoleActions.Notice, "Field set");
        Assert.Equal("Oslo", client.Call("HGET user city").Text);
    }

    [Fact]
    public async Task ElementsOfAListAreSetAddedAndDeleted()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("RPUSH queue same same other");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/queue", "Keys");
        await page.UseRowAsync("1", "Delete");
        await page.UntilAsync(ConsoleActions.Notice, "Element deleted");
        Assert.Equal(["same", "other"], Texts(client.Call("LRANGE queue 0 -1")));
        await page.UntilRowsAsync("0 same", "1 other");
        await page.UndoAsync();
        Assert.Equal(["same", "same", "other"], Texts(client.Call("LRANGE queue 0 -1")));
        await page.UntilRowsAsync("0 same", "1 same", "2 other");
        await page.UseRowAsync("other", "Edit");
        await page.FillLabelAsync("Element", "nowhere");
        client.Call("LPUSH queue sooner");
        await page.UseAsync("dialog[open]", "Save");
        await page.UntilContainsAsync(ConsoleActions.Notice, "The list has changed since it was read");
        Assert.Equal(["sooner", "same", "same", "other"], Texts(client.Call("LRANGE queue 0 -1")));
        client.Call("LPOP queue");
        await page.UseRowAsync("other", "Edit");
        await page.FillLabelAsync("Element", "third");
        await page.SendDialogAsync("Save");
        await page.UntilAsync("td .bytes", "third");
        await page.UseAsync(".key .toolbar", "Add first");
        await page.FillLabelAsync("Element", "zeroth");
        await page.SendDialogAsync("Save");
        await page.UntilAsync("td .bytes", "zeroth");
        Assert.Equal(["zeroth", "same", "same", "third"], Texts(client.Call("LRANGE queue 0 -1")));
    }

    [Fact]
    public async Task MembersOfSetsAreAddedAndDeleted()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("SADD tags red green");
        client.Call("ZADD board 1 anna 2.5 ben");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/tags", "Keys");
        await page.UseRowAsync("red", "Delete");
        await page.UntilAsync(ConsoleActions.Notice, "Member deleted");
        await page.UseAsync(".key .toolbar", "Add member");
        await page.FillLabelAsync("Member", "blue");
        await page.SendDialogAsync("Save");
        await page.UntilAsync("td .bytes", "blue");
        Assert.Equal(["blue", "green"], Texts(client.Call("SMEMBERS tags")).Order());

        await page.OpenKeyAsync("board", "zset");
        await page.UseRowAsync("anna", "Edit");
        await page.FillLabelAsync("Score", "7");
        await page.SendDialogAsync("Save");
        await page.UntilAsync("td", "7");
        Assert.Equal("7", client.Call("ZSCORE board anna").Text);
        await page.UseAsync(".key .toolbar", "Highest first");
        await page.UntilAsync("tbody tr:first-child td .bytes", "anna");
        await page.UseRowAsync("ben", "Delete");
        await page.UntilAsync(ConsoleActions.Notice, "Member deleted");
        Assert.Equal(1, client.Call("ZCARD board").Integer);
    }

    [Fact]
    public async Task AStreamHasEntriesGroupsAndPendingEntries()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("XADD events 1-1 kind click");
        client.Call("XADD events 2-1 kind key");
        client.Call("XGROUP CREATE events workers 0");
        client.Call("XREADGROUP GROUP workers first COUNT 1 STREAMS events >");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/events", "Keys");
        await page.UseAsync(".key .toolbar", "Add entry");
        await page.FillLabelAsync("Id", "3-1");
        await page.FillLabelAsync("Field 1", "kind");
        await page.FillLabelAsync("Value 1", "wheel");
        await page.SendDialogAsync("Add");
        await page.UntilAsync("td", "3-1");
        Assert.Equal(3, client.Call("XLEN events").Integer);
        await page.UseAsync(".key .toolbar", "Groups");
        await page.UseRowAsync("workers", "Pending");
        await page.UseRowAsync("1-1", "Acknowledge");
        await page.UntilAsync(ConsoleActions.Notice, "Entry acknowledged");
        Assert.Equal(0, client.Call("XPENDING events workers").Items[0].Integer);
    }

    [Fact]
    public async Task AKeyIsMadeRenamedExpiredAndDeleted()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys", "Keys");
        await page.UseAsync(".finder", "New key");
        await page.FillLabelAsync("Name", "first");
        await page.FillLabelAsync("Value", "text");
        await page.SendDialogAsync("Create");
        await page.UntilAsync("pre.value", "text");
        await page.UseAsync(".key", "Rename");
        await page.FillLabelAsync("New name", "second");
        await page.SendDialogAsync("Rename");
        await page.UntilAsync(".key h2", "second");
        await page.UseAsync(".key", "Expiry");
        await page.FillLabelAsync("Seconds from now", "5000");
        await page.SendDialogAsync("Set");
        await page.UntilAsync(ConsoleActions.Notice, "Expiry changed");
        Assert.InRange(client.Call("TTL second").Integer, 1, 5000);
        await page.UseAsync(".key-facts", "Delete");
        await page.UntilAsync(ConsoleActions.Notice, "second deleted");
        Assert.Equal(0, client.Call("EXISTS first second").Integer);
        await page.UndoAsync();
        Assert.Equal("text", client.Call("GET second").Text);
        Assert.InRange(client.Call("TTL second").Integer, 1, 5000);
    }

    /// <summary>Undoing would take back what another client has done meanwhile, so it asks.</summary>
    [Fact]
    public async Task UndoingAsksWhereTheKeyHasChangedSince()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("SADD tags red green");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/tags", "Keys");
        await page.UseRowAsync("red", "Delete");
        await page.UntilAsync(ConsoleActions.Notice, "Member deleted");
        client.Call("SADD tags blue");
        await page.UseAsync(".notices", "Undo");
        await page.UntilAsync("dialog h2", "Undo although the key has changed?");
        Assert.Equal(["blue", "green"], Texts(client.Call("SMEMBERS tags")).Order());
        await page.SendDialogAsync("Undo");
        await page.UntilAsync(ConsoleActions.Notice, "Undone");
        Assert.Equal(["green", "red"], Texts(client.Call("SMEMBERS tags")).Order());
    }

    /// <summary>What is too large to be kept is changed only after a question.</summary>
    [Fact]
    public async Task ALargeKeyIsDeletedAfterAQuestion()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("SETRANGE large 5000000 x");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys/large", "Keys");
        await page.UseAsync(".key-facts", "Delete");
        await page.UntilAsync("dialog h2", "Delete large?");
        await page.SendDialogAsync("Cancel");
        Assert.Equal(1, client.Call("EXISTS large").Integer);
        await page.UseAsync(".key-facts", "Delete");
        await page.SendDialogAsync("Do it");
        await page.UntilAsync(ConsoleActions.Notice, "large deleted");
        Assert.Equal(0, client.Call("EXISTS large").Integer);
    }

    public void Dispose() => _server.Dispose();

    private static IEnumerable<string> Texts(Reply reply) => reply.Items.Select(item => item.Text);
}
