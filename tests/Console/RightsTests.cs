using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>The console asks who it is, and offers what that user may do.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class RightsTests(Chromium browser) : IDisposable
{
    private readonly HttpServer _server = HttpServer.Start("--requirepass", "hidden");

    [Fact]
    public async Task NobodyIsLetInWithoutAPassword()
    {
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "overview", "Bixbite");
        await LogInAsync(page, "default", "wrong");
        await page.UntilContainsAsync(".problem", "The name or the password is wrong");
        await LogInAsync(page, "default", "hidden");
        await page.UntilAsync("h1", "Overview");
        await page.UseAsync("nav", "Log out");
        await page.UntilAsync("h1", "Bixbite");
        await page.ReloadAsync();
        await page.UntilAsync("h1", "Bixbite");
    }

    [Fact]
    public async Task WhoMayOnlyReadIsOfferedNoChange()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call("AUTH hidden");
        client.Call("SET open 1");
        client.Call("SET closed 1");
        client.Call("ACL SETUSER viewer on >seen %R~open* &* +@read +@connection +info +latency|histogram +client|list +config|get");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "overview", "Bixbite");
        await LogInAsync(page, "viewer", "seen");
        await page.UntilContainsAsync(".tiles > div", "Keys2");
        await page.OpenKeyAsync("open", "string");
        await page.UntilAsync("pre.value", "1");
        Assert.Equal(
            ["New key", "Expiry", "Rename", "Delete", "Edit"],
            await page.EvaluateExpressionAsync<string[]>(
                "[...document.querySelectorAll('main button:disabled')].map(button => button.textContent)"));
        await page.GoAsync("Access");
        await page.UntilContainsAsync(".hint", "The user viewer may not see this: it needs ACL LIST.");
        await page.GoAsync("Settings");
        await page.FillAsync("input[type=search]", "maxmemory-policy");
        await page.WaitAsync("() => document.querySelector('tbody button')?.disabled");
        await page.GoAsync("Command line");
        await page.FillAsync(".prompt-line input", "SET open 2");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilContainsAsync(".r-error", "NOPERM");
        await page.EvaluateFunctionAsync("() => { location.hash = '#/keys/closed'; }");
        await page.UntilContainsAsync(".problem", "You may not do this");
        Assert.Equal("1", client.Call("GET open").Text);
    }

    public void Dispose() => _server.Dispose();

    private static async Task LogInAsync(IPage page, string user, string password)
    {
        await page.FillAsync("#user", user);
        await page.FillAsync("#password", password);
        await page.Keyboard.PressAsync("Enter");
    }
}
