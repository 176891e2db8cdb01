using System.Globalization;
using Bixbite.Hosted.Browsing;
using Bixbite.Unit.Configuration;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace Bixbite.Console;

/// <summary>
/// The pictures of docs/CONSOLE.md: <c>BIXBITE_PICTURES=docs/img</c> makes them anew there. Otherwise it is seen that they can be made,
/// of a server that has run for less time.
/// </summary>
[Collection(ConsoleCollection.Name)]
public sealed class PictureTests(Chromium browser) : IDisposable
{
    private const int SizeMax = 300_000;

    private readonly HttpServer _server = HttpServer.Start();
    private readonly TempFolder _folder = new();

    /// <summary>Readings of the overview that its charts show.</summary>
    private static int Readings => Folder is null ? 3 : 20;

    private static string? Folder => Environment.GetEnvironmentVariable("BIXBITE_PICTURES");

    [Fact]
    public async Task PicturesAreMade()
    {
        using RespConnection client = _server.ConnectResp();
        Fill(client);
        using CancellationTokenSource enough = new();
        Task load = Task.Run(() => Load(enough.Token), TestContext.Current.CancellationToken);
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "overview", "Overview");
        await page.SetViewportAsync(new ViewPortOptions { Width = 1280, Height = 860 });
        await page.UntilContainsAsync(".tiles > div", "Keys");
        await page.EvaluateExpressionAsync(
            """
            window.readings = 0;
            new MutationObserver(() => window.readings++).observe(document.querySelector('.tiles'), { characterData: true, subtree: true });
            """);
        await page.WaitForFunctionAsync(
            "count => window.readings >= count", new WaitForFunctionOptions { Timeout = 4 * Patience.LimitMs }, Readings);
        await TakeAsync(page, "console-overview-light");
        await page.EmulateMediaFeaturesAsync(
            [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = "dark" }]);
        await page.OpenKeyAsync("user%3a1", "hash");
        await page.UntilAsync("td .bytes", "name");
        await page.UntilContainsAsync(".finder .progress", "looked at");
        await TakeAsync(page, "console-keys-dark");
        await enough.CancelAsync();
        await load;
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private static void Fill(RespConnection client)
    {
        client.Call("""HSET user:1 name "Anna Berg" mail anna@example.com city Oslo plan yearly seats 12 token "\x8f\x00k\xd1" """);
        client.Call("HEXPIRE user:1 3600 FIELDS 1 token");
        for (int i = 2; i < 40; i++)
        {
            client.Call($"HSET user:{i} name visitor");
            client.Call($"SETEX session:{i} {i * 97} open");
            client.Call($"ZADD board:{i % 7} {i.ToString(CultureInfo.InvariantCulture)} user:{i}");
            client.Call($"XADD events:{i % 3} * user {i}");
            client.Call($"RPUSH queue:{i % 5} job{i}");
            client.Call($"SADD tags:{i % 5} tag{i}");
        }
    }

    private void Load(CancellationToken enough)
    {
        using RespConnection client = _server.ConnectResp();
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            client.Call($"GET session:{i % 50}");
            client.Call("HGETALL user:1");
            client.Call($"ZINCRBY board:1 1 user:{i % 40}");
        }
    }

    private async Task TakeAsync(IPage page, string name)
    {
        string path = Path.Combine(Folder is null ? _folder.Path : Repository.File(Folder), name + ".png");
        await page.ScreenshotAsync(path, new ScreenshotOptions { Type = ScreenshotType.Png });
        Assert.InRange(new FileInfo(path).Length, 1000, SizeMax);
    }
}
