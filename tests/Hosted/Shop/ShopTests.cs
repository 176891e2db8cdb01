using Bixbite.Hosted.Browsing;
using Bixbite.Library;
using Bixbite.Wire.Harness;
using PuppeteerSharp;

namespace Bixbite.Hosted.Shop;

/// <summary>The sample application does what its pages promise, in a real browser.</summary>
public sealed class ShopTests(Chromium browser) : IClassFixture<Chromium>, IDisposable
{
    private const string Waits = "waits to be packed";
    private const string Packed = "packed";

    private readonly TempFolder _folder = new();

    private string Data => $"--Bixbite:DataDirectory={_folder.Path}";

    [Fact]
    public async Task CartAndOrdersAreThereAfterARestart()
    {
        await using IBrowserContext visitor = await browser.VisitAsync();
        using (ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=00:00:00"))
        {
            IPage page = await visitor.OpenAsync(shop.Url);
            await page.PressAsync("#add-green");
            await page.PressAsync("nav a[href='/']");
            await page.PressAsync("#add-green");
            Assert.Equal("2", await page.TextAsync("#line-green .count"));
            await page.CloseAsync();
            await shop.StopAsync();
        }
        using (ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=00:00:00"))
        {
            IPage page = await visitor.OpenAsync(shop.Url + "/Cart");
            Assert.Equal("2", await page.TextAsync("#line-green .count"));
            await page.PressAsync("#order");
            await page.UntilAsync(".orders .state", Packed);
            await page.GoToAsync(shop.Url + "/products/green");
            Assert.Equal("98", await page.TextAsync("#stock"));
            await page.CloseAsync();
            await shop.StopAsync();
        }
        using (ShopProcess shop = ShopProcess.Start(Data))
        {
            IPage page = await visitor.OpenAsync(shop.Url + "/Orders");
            Assert.Equal(Packed, await page.TextAsync(".orders .state"));
            await page.GoToAsync(shop.Url + "/Cart");
            Assert.StartsWith("The cart is empty.", await page.TextAsync("#empty"), StringComparison.Ordinal);
            await shop.StopAsync();
        }
    }

    /// <summary>A packer that was stopped in the middle has it still in his name: the next run takes it from him.</summary>
    [Fact]
    public async Task AnOrderThatWasLeftInTheMiddleIsPackedByTheNextRun()
    {
        await using IBrowserContext visitor = await browser.VisitAsync();
        using (ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=01:00:00"))
        {
            IPage page = await visitor.OpenAsync(shop.Url);
            await page.PressAsync("#add-mint");
            await page.PressAsync("#order");
            shop.Until("is being packed");
            Assert.Equal(Waits, await page.TextAsync(".orders .state"));
            await page.CloseAsync();
            await shop.StopAsync();
        }
        using (ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=00:00:00", "--Orders:ClaimAfter=00:00:00"))
        {
            IPage page = await visitor.OpenAsync(shop.Url + "/Orders");
            await page.UntilAsync(".orders .state", Packed);
            await page.GoToAsync(shop.Url + "/products/mint");
            Assert.Equal("99", await page.TextAsync("#stock"));
            await shop.StopAsync();
        }
    }

    [Fact]
    public async Task TheServiceIsHealthyAndItsPageIsRenderedOnceForAll()
    {
        using ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=00:00:00");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenAsync(shop.Url + "/products/black");
        string rendered = await page.TextAsync("#rendered");
        await page.ReloadAsync();
        Assert.Equal(rendered, await page.TextAsync("#rendered"));
        await using IBrowserContext other = await browser.VisitAsync();
        IPage same = await other.OpenAsync(shop.Url + "/products/black");
        Assert.Equal(rendered, await same.TextAsync("#rendered"));
        await same.GoToAsync(shop.Url);
        await same.PressAsync("#add-black");
        await same.PressAsync("#order");
        await same.UntilAsync(".orders .state", Packed);
        await UntilRenderedAnewAsync(page, rendered);
        Assert.Equal("99", await page.TextAsync("#stock"));
        Assert.Equal(404, (int)(await page.GoToAsync(shop.Url + "/products/coffee")).Status);
        Assert.Equal("Not here", await page.TextAsync("h1"));
        await page.GoToAsync(shop.Url + "/health");
        Assert.Equal("Healthy", await page.TextAsync("body"));
    }

    /// <summary>Two hosts, one store: what happens on one is seen on the other.</summary>
    [Fact]
    public async Task TwoHostsShareAStore()
    {
        using ShopProcess first = ShopProcess.Start(
            Data, "--Bixbite:Listen=127.0.0.1:0", "--Tastings:Count=2", "--Tastings:Window=01:00:00");
        first.Until("Other hosts may share the store");
        string[] shared = [$"--Store:Address={first.StoreAddress}", "--Tastings:Count=2", "--Tastings:Window=01:00:00"];
        using ShopProcess second = ShopProcess.Start(shared);
        await using IBrowserContext visitor = await browser.VisitAsync();

        IPage here = await visitor.OpenAsync(first.Url + "/Chat");
        await using IBrowserContext other = await browser.VisitAsync();
        IPage there = await other.OpenAsync(second.Url + "/Chat");
        await here.UntilAsync("#link", "Everybody here reads what you write.");
        await there.UntilAsync("#link", "Everybody here reads what you write.");
        await here.TypeAsync("#text", "Is there <b>tea</b>?");
        await here.Keyboard.PressAsync("Enter");
        await there.UntilAsync("#said li", "Is there <b>tea</b>?");
        await there.TypeAsync("#text", "There is.");
        await there.Keyboard.PressAsync("Enter");
        await here.UntilAsync("#said li", "There is.");

        await here.GoToAsync(first.Url);
        await here.PressAsync("#add-white");
        await here.GoToAsync(second.Url + "/Cart");
        Assert.Equal("1", await here.TextAsync("#line-white .count"));

        foreach (ShopProcess host in (ShopProcess[])[first, second])
        {
            await here.GoToAsync(host.Url + "/Tasting");
            Assert.Equal(200, (int)(await here.PressAsync("#taste")).Status);
            Assert.StartsWith("Your cup:", await here.TextAsync("#cup"), StringComparison.Ordinal);
        }
        Assert.Equal(429, (int)(await here.PressAsync("#taste")).Status);
        Assert.StartsWith("You have had enough cups", await here.TextAsync("#status"), StringComparison.Ordinal);
        await second.StopAsync();
        await first.StopAsync();
    }

    [Fact]
    public async Task TheKeyboardIsEnough()
    {
        using ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=01:00:00");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenAsync(shop.Url);
        await page.TabToAsync(".skip");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitAsync("() => location.hash === '#content'");
        await page.TabToAsync("#add-white");
        await page.KeyAsync("Enter");
        Assert.Equal("1", await page.TextAsync("#line-white .count"));
        await page.TabToAsync("#line-white button");
        await page.KeyAsync("Space");
        await page.TabToAsync("#empty a");
        await page.KeyAsync("Enter");
        await page.TabToAsync("#add-green");
        await page.KeyAsync("Space");
        await page.TabToAsync("#order");
        await page.KeyAsync("Enter");
        Assert.Equal("Orders", await page.TextAsync("h1"));
        Assert.Equal(Waits, await page.TextAsync(".orders .state"));
    }

    /// <summary>Every page passes axe, and asks nobody but its own host for anything.</summary>
    [Fact]
    public async Task PagesAreAccessibleAndSelfContained()
    {
        string axe = Axe.Find();
        using ShopProcess shop = ShopProcess.Start(Data, "--Orders:PackingTime=00:00:00");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenAsync(shop.Url);
        List<string> asked = [];
        page.Request += (_, request) => asked.Add(request.Request.Url);
        await page.PressAsync("#add-white");
        await Axe.PassesAsync(page, axe);
        await page.PressAsync("#order");
        await page.UntilAsync(".orders .state", Packed);
        await Axe.PassesAsync(page, axe);
        foreach (string path in (string[])["/", "/products/green", "/Tasting", "/Chat", "/no-such-page"])
        {
            await page.GoToAsync(shop.Url + path);
            await Axe.PassesAsync(page, axe);
        }
        Assert.NotEmpty(asked);
        Assert.All(asked, url => Assert.StartsWith(shop.Url + "/", url, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The packer forgets the page just after the order is packed.</summary>
    private static async Task UntilRenderedAnewAsync(IPage page, string rendered)
    {
        long startedMs = Environment.TickCount64;
        while (await page.TextAsync("#rendered") == rendered)
        {
            Assert.False(Patience.IsOver(startedMs), "the page is not rendered anew");
            await page.ReloadAsync();
        }
    }
}
