using System.Text;
using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>Names and values that would be markup, or are no text, or are very long, are shown as the bytes that they are.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class HostileDataTests(Chromium browser) : IDisposable
{
    private const string Markup = "<img src=x onerror=document.title=1><script>document.title=2</script>";
    private const int LargeSize = 100_000_000;

    private readonly HttpServer _server = HttpServer.Start();

    [Fact]
    public async Task MarkupIsText()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call($"SET \"{Markup}\" \"{Markup}\"");
        client.Call($"HSET hash \"{Markup}\" \"{Markup}\"");
        client.Call($"XADD stream 1-1 \"{Markup}\" \"{Markup}\"");
        client.Call($"XGROUP CREATE stream \"{Markup.Replace(' ', '_')}\" 0");
        client.Call($"CLIENT SETNAME {Markup.Replace(' ', '_')}");
        client.Call("CONFIG SET slowlog-log-slower-than 0");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenAsync($"{_server.Uri}console#/keys");
        List<string> asked = [];
        page.Request += (_, request) => asked.Add(request.Request.Url);
        await page.UntilAsync(".key-list .name", Markup);
        await page.UseAsync(".key-list", $"string{Markup}");
        await page.UntilAsync("pre.value", Markup);
        await page.OpenKeyAsync("hash", "hash");
        await page.UntilAsync("td .bytes", Markup);
        await page.OpenKeyAsync("stream", "stream");
        await page.UntilAsync("td .bytes", Markup);
        await page.UseAsync(".key .toolbar", "Groups");
        await page.UntilContainsAsync("td .bytes", "<img_src=x");
        foreach ((string view, string selector) in ((string, string)[])[("Slow requests", "td .request"), ("Clients", "td")])
        {
            await page.GoAsync(view);
            await page.UntilContainsAsync(selector, "<img");
        }
        await page.GoAsync("Command line");
        await page.FillAsync(".prompt-line input", "HGETALL hash");
        await page.Keyboard.PressAsync("Enter");
        await page.UntilContainsAsync(".r-text", Markup);
        Assert.Equal("Command line – Bixbite console", await page.GetTitleAsync());
        Assert.Equal(0, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('img, body script').length"));
        Assert.All(asked, url => Assert.StartsWith(_server.Uri.ToString(), url, StringComparison.Ordinal));
    }

    /// <summary>They are escaped, and edited without a loss.</summary>
    [Fact]
    public async Task BytesThatAreNoTextAreEscaped()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call(@"SET ""\xff\x00\x1b[31m"" ""\x00\xfe\xe2\x80\xaeab\n""");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys", "Keys");
        await page.UseAsync(".key-list", @"string\xff\x00\x1b[31m");
        await page.UntilAsync(".value", @"\x00\xfe\xe2\x80\xaeab\n");
        await page.UseAsync(".key", "Hex");
        await page.UntilContainsAsync("pre.value", "00000000  00 fe e2 80 ae 61 62 0a");
        await page.UseAsync(".key .toolbar", "Edit");
        await page.FillLabelAsync("Value", @"\x00\xfd\\x41");
        await page.UseAsync(".editor", "Save");
        await page.UntilAsync(ConsoleActions.Notice, "Value replaced");
        Assert.Equal([0, 0xfd, .. Encoding.ASCII.GetBytes(@"\x41")], client.Call(@"GET ""\xff\x00\x1b[31m""").Bytes);
    }

    [Fact]
    public async Task OfAHundredMegabytesTheBeginningIsShown()
    {
        using RespConnection client = _server.ConnectResp();
        client.Call($"SETRANGE string {LargeSize - 1} x");
        client.Call("HSET hash small 1");
        client.Call("EVAL \"redis.call('HSET', KEYS[2], 'large', redis.call('GET', KEYS[1]))\" 2 string hash");
        client.Call("EVAL \"redis.call('SET', redis.call('GET', KEYS[1]), 1)\" 1 string");
        await using IBrowserContext visitor = await browser.VisitAsync();
        IPage page = await visitor.OpenConsoleAsync(_server, "keys", "Keys");
        await page.UntilContainsAsync(".key-list .name", "the first 120 B of 95.4 MB");
        await page.OpenKeyAsync("string", "string");
        await page.UntilContainsAsync(".key p", "64 KB of 95.4 MB");
        await page.UseAsync(".key p", "Show more");
        await page.UntilContainsAsync(".key p", "128 KB of 95.4 MB");
        await page.OpenKeyAsync("hash", "hash");
        await page.UntilContainsAsync("td .bytes", "show more of 95.4 MB");
        await page.UntilAsync("td .bytes", "small");
        Assert.True(await page.EvaluateExpressionAsync<bool>("document.body.textContent.length < 1000000"));
    }

    public void Dispose() => _server.Dispose();
}
