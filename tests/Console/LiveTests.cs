using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>Live views follow again when their connection was lost, and say that something may be missing.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class LiveTests(Chromium browser) : IDisposable
{
    private const string Again = "is there again: something may have been missed.";

    private readonly HttpServer _server = HttpServer.Start();

    [Fact]
    public async Task ChannelsAreFollowedAgain()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "live", "Live");
        await page.UseAsync("main > form", "Follow");
        Patience.Until(() => client.Call("PUBSUB NUMPAT").Integer == 1);
        client.Call("PUBLISH news before");
        await page.UntilAsync("td .bytes", "before");
        Assert.Equal(1, client.Call("CLIENT KILL TYPE pubsub").Integer);
        await page.UntilContainsAsync("tr.gap", Again);
        client.Call("PUBLISH news after");
        await page.UntilAsync("td .bytes", "after");
        await page.WaitAsync("() => document.querySelector('main .problem') === null");
        Assert.Equal(
            ["after", "", "before"],
            await page.EvaluateExpressionAsync<string[]>(
                "[...document.querySelectorAll('tbody tr')].map(row => row.querySelector('td:last-child .bytes')?.textContent ?? '')"));
        Assert.Equal(1, client.Call("PUBSUB NUMPAT").Integer);
    }

    [Fact]
    public async Task CommandsAreFollowedAgainWhenAllConnectionsWereLost()
    {
        using RespConnection client = _server.ConnectResp();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "live", "Live");
        await page.UseAsync("main > .choices", "All commands");
        await page.UseAsync(".toolbar", "Follow");
        await page.SendDialogAsync("Follow");
        Patience.Until(() => IsFollowed(client));
        client.Call("CLIENT KILL SKIPME yes");
        Patience.Until(() => IsFollowed(client));
        await page.UntilContainsAsync("tr.gap", Again);
        client.Call("GET followed");
        await page.UntilContainsAsync("td .bytes", "\"followed\"");
        await page.UseAsync(".toolbar", "Stop");
        Patience.Until(() => !IsFollowed(client));
    }

    public void Dispose() => _server.Dispose();

    private static bool IsFollowed(RespConnection client) =>
        client.Call("CLIENT LIST").Text.Contains("flags=O", StringComparison.Ordinal);
}
