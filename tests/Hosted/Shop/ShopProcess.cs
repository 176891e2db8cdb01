using System.Collections.Concurrent;
using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Hosted.Shop;

/// <summary>The sample as a process of its own, on a port that is free.</summary>
internal sealed class ShopProcess : IDisposable
{
    private const string ListensAt = "Now listening on: ";
    private const string StoreIsAt = "--Store:Address=";

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private ShopProcess(string[] arguments)
    {
        string built = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string configuration = Path.GetFileName(built);
        string artifacts = Path.GetFullPath(Path.Combine(built, "../.."));
        string source = Path.GetFullPath(Path.Combine(artifacts, "../../samples/Shop"));
        ProcessStartInfo start = new(
            Path.Combine(artifacts, "Shop", configuration, "Shop"), ["--urls=http://127.0.0.1:0", $"--contentRoot={source}", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it is found, without a slash at the end.</summary>
    internal string Url { get; private set; } = "";

    /// <summary>The address of its store, if it tells one.</summary>
    internal string StoreAddress => Find(StoreIsAt) ?? throw new InvalidOperationException("its store listens nowhere");

    /// <summary>A shop that is open.</summary>
    internal static ShopProcess Start(params string[] arguments)
    {
        ShopProcess shop = new(arguments);
        shop.Until(ListensAt);
        shop.Url = shop.Find(ListensAt)!;
        return shop;
    }

    /// <summary>Waits until it logs a line with this text.</summary>
    internal void Until(string text)
    {
        if (!Patience.Comes(() => Find(text) is not null || _process.HasExited) || Find(text) is null)
        {
            Assert.Fail($"it does not say '{text}', but:\n{string.Join('\n', _lines)}");
        }
    }

    /// <summary>Asks it to stop, as whoever runs services does, and waits until it has.</summary>
    internal async Task StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using CancellationTokenSource patience = new(Patience.LimitMs);
        await _process.WaitForExitAsync(patience.Token);
        Assert.True(_process.ExitCode == 0, string.Join('\n', _lines));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private string? Find(string text) => _lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line
        ? line[(line.IndexOf(text, StringComparison.Ordinal) + text.Length)..]
        : null;
}
