using Bixbite.Wire.Harness;
using PuppeteerSharp;

namespace Bixbite.Hosted.Browsing;

/// <summary>A real browser without a window, for the tests of a class or a collection. Those are skipped where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            return;
        }
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Timeout = Patience.LimitMs,
            ProtocolTimeout = Patience.LimitMs,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
        });
    }

    /// <summary>A visitor with cookies of his own.</summary>
    internal async Task<IBrowserContext> VisitAsync()
    {
        Assert.SkipWhen(_browser is null, "chromium is not installed");
        return await _browser!.CreateBrowserContextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    private static string? Find() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         from name in s_names
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();
}
