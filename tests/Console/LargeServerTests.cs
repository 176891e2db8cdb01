using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>The console of a server with a million keys of all types.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class LargeServerTests(Chromium browser, MillionKeys keys)
{
    [Fact]
    public async Task KeysAreFoundByAPartOfTheirNameAndByTheirType()
    {
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(keys.Server, "keys", "Keys");
        await page.UntilContainsAsync(".finder .progress", "of 1,000,000 looked at");
        await page.FillAsync("input[type=search]", "item:765432");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilContainsAsync(".finder .progress", "1 found, all of 1,000,000 looked at");
        await page.UntilAsync(".key-list .name", "item:765432");
        await page.FillAsync("input[type=search]", "");
        await page.SelectAsync(".filters select", "zset");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilContainsAsync(".finder .progress button", "Search on");
        Assert.Equal(
            ["zset"],
            await page.EvaluateExpressionAsync<string[]>(
                "[...new Set([...document.querySelectorAll('.key-list .type')].map(type => type.textContent))]"));
        await page.UseAsync(".finder .progress", "Search on");
        await page.WaitAsync("() => document.querySelectorAll('.key-list li').length >= 200");
    }

    [Fact]
    public async Task EveryTypeIsShown()
    {
        (string Address, string Type, string Text)[] shown =
        [
            ("item:1", "string", "value:1"), ("hash:2", "hash", "field"), ("list:3", "list", "3"), ("set:4", "set", "member4"),
            ("zset:5", "zset", "member"), ("stream:6", "stream", "1-1"),
        ];
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(keys.Server, "keys", "Keys");
        foreach ((string address, string type, string text) in shown)
        {
            await page.OpenKeyAsync(address, type);
            await page.UntilContainsAsync(".key pre.value, .key td", text);
        }
    }

    [Fact]
    public async Task TheOverviewTellsWhatGoesOn()
    {
        using RespConnection client = keys.Server.ConnectResp();
        using CancellationTokenSource enough = new();
        void Load()
        {
            while (!enough.IsCancellationRequested)
            {
                client.Call("GET item:1");
                client.Call("GET nokey");
            }
        }
        Task load = Task.Run(Load, TestContext.Current.CancellationToken);
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(keys.Server, "overview", "Overview");
        await page.UntilContainsAsync(".tiles > div", "Keys1,000,000");
        await page.UntilAsync(".card tbody td:first-child", "get");
        await page.WaitAsync(
            """
            () => {
                const tile = name => [...document.querySelectorAll('.tiles > div')]
                    .find(tile => tile.firstElementChild.textContent === name).lastElementChild.textContent;
                return ['Operations / s', '99 % within', 'Of a core'].every(name => /^\d/.test(tile(name)))
                    && /^(49|50)/.test(tile('Hit ratio'));
            }
            """);
        await enough.CancelAsync();
        await load;
        Assert.Equal(6, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('.chart canvas').length"));
        await page.UntilContainsAsync(".card", "Memory by kind");
        await page.UntilContainsAsync(".card", "Roleprimary");
    }
}
