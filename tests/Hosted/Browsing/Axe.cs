using PuppeteerSharp;

namespace Bixbite.Hosted.Browsing;

/// <summary>Examines pages for those who cannot see or point.</summary>
internal static class Axe
{
    /// <summary>Where it is. The test is skipped where it is not.</summary>
    internal static string Find()
    {
        string? path = (Environment.GetEnvironmentVariable("NODE_PATH") ?? "").Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "axe-core/axe.min.js")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "axe-core is in no folder of NODE_PATH");
        return path!;
    }

    /// <summary>Fails with all that it finds on the page as it is now.</summary>
    internal static async Task PassesAsync(IPage page, string axe)
    {
        await page.EvaluateExpressionAsync(await File.ReadAllTextAsync(axe, TestContext.Current.CancellationToken));
        string[] violations = await page.EvaluateExpressionAsync<string[]>(
            "axe.run().then(result => result.violations.map(violation => violation.id + ': ' + violation.nodes[0].html))");
        Assert.True(violations.Length == 0, $"{page.Url}: {string.Join("; ", violations)}");
    }
}
