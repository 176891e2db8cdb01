using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace Bixbite.Console;

/// <summary>The console without a mouse, on a narrow screen, in the dark, and examined by axe.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class AccessibilityTests(Chromium browser, MillionKeys keys)
{
    private static readonly string[] s_views =
        ["Overview", "Keys", "Command line", "Slow requests", "Clients", "Live", "Settings", "Persistence", "Access"];

    private static readonly (string Address, string Type)[] s_keys =
        [("item:1", "string"), ("hash:2", "hash"), ("list:3", "list"), ("set:4", "set"), ("zset:5", "zset"), ("stream:6", "stream")];

    [Theory]
    [InlineData(false, 1280)]
    [InlineData(true, 390)]
    public async Task EveryViewPassesAxeAndFits(bool isDark, int width)
    {
        string axe = Axe.Find();
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(keys.Server, "overview", "Overview");
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 844 });
        await page.EmulateMediaFeaturesAsync(
            [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = isDark ? "dark" : "light" }]);
        Assert.Equal(isDark, await page.EvaluateExpressionAsync<bool>(
            "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).every(part => Number(part) < 80)"));
        await page.UntilThereAsync(".chart canvas");
        foreach (string view in s_views)
        {
            await page.GoAsync(view);
            await FitsAsync(page, axe);
        }
        await page.GoAsync("Keys");
        foreach ((string address, string type) in s_keys)
        {
            await page.OpenKeyAsync(address, type);
            await page.UntilThereAsync(".key .value, .key tbody");
            await FitsAsync(page, axe);
        }
        await page.Keyboard.PressAsync("?");
        await page.UntilAsync("dialog h2", "Keyboard");
        await FitsAsync(page, axe);
    }

    [Fact]
    public async Task TheKeyboardIsEnough()
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection client = server.ConnectResp();
        client.Call("SET greeting hello");
        client.Call("SET other 1");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(server, "overview", "Overview");
        await page.TabToAsync(".skip");
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.activeElement.matches('main')"));
        await TypeAsync(page, "?");
        await page.UntilAsync("dialog h2", "Keyboard");
        await page.Keyboard.PressAsync("Escape");
        await page.UntilGoneAsync("dialog");
        await TypeAsync(page, "gk");
        await page.UntilAsync("h1", "Keys");
        await TypeAsync(page, "/");
        await page.WaitAsync("() => document.activeElement.matches('.search input')");
        await page.Keyboard.TypeAsync("greet");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilContainsAsync(".finder .progress", "1 found, all of 2 looked at");
        await page.TabToAsync(".key-list a");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilAsync("pre.value", "hello");
        await page.TabToAsync(".key-facts .danger");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilAsync(ConsoleActions.Notice, "greeting deleted");
        Assert.Equal(0, client.Call("EXISTS greeting").Integer);
        await TypeAsync(page, "u");
        await page.UntilAsync(ConsoleActions.Notice, "Undone");
        Assert.Equal("hello", client.Call("GET greeting").Text);
        await TypeAsync(page, "gt");
        await page.UntilAsync("h1", "Settings");
        await page.TabToAsync("tbody button");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilThereAsync("dialog[open]");
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.querySelector('dialog').contains(document.activeElement)"));
        await page.Keyboard.PressAsync("Escape");
        await page.UntilGoneAsync("dialog");
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.activeElement.matches('tbody button')"));
    }

    private static async Task TypeAsync(IPage page, string letters)
    {
        foreach (char letter in letters)
        {
            await page.Keyboard.PressAsync(letter.ToString());
        }
    }

    private static async Task FitsAsync(IPage page, string axe)
    {
        await Axe.PassesAsync(page, axe);
        Assert.True(
            await page.EvaluateExpressionAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{page.Url} is too wide");
    }
}
