using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>The overview of a node of a cluster shows who has which slots.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ClusterTests(Chromium browser)
{
    [Fact]
    public async Task TheMapShowsSlotsAndNodes()
    {
        string axe = Axe.Find();
        using HttpServer server = HttpServer.Start("--cluster-enabled", "yes");
        using RespConnection client = server.ConnectResp();
        client.Call("CLUSTER ADDSLOTSRANGE 0 16382");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(server, "overview", "Overview");
        await page.UntilContainsAsync(".card", "16,383 of 16,384 slots are somebody's.");
        await page.UntilAsync("td.mono", "0-16382");
        await page.UntilAsync("td .badge", "this one");
        await page.UntilAsync("td", "online");
        client.Call("CLUSTER ADDSLOTS 16383");
        await page.UntilAsync("td.mono", "0-16383");
        await Axe.PassesAsync(page, axe);
    }

    [Fact]
    public async Task WithoutAClusterThereIsNoMap()
    {
        using HttpServer server = HttpServer.Start();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(server, "overview", "Overview");
        await page.UntilAsync("h2", "Replication");
        Assert.DoesNotContain(
            "Cluster", await page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('h2')].map(head => head.textContent)"));
    }
}
