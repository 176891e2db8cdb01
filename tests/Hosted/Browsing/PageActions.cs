using Bixbite.Wire.Harness;
using PuppeteerSharp;

namespace Bixbite.Hosted.Browsing;

/// <summary>What a visitor does with a page. Each waits for what it leads to.</summary>
internal static class PageActions
{
    private const int PollingMs = 20;

    internal static async Task<IPage> OpenAsync(this IBrowserContext visitor, string url)
    {
        IPage page = await visitor.NewPageAsync();
        page.DefaultTimeout = page.DefaultNavigationTimeout = Patience.LimitMs;
        await page.GoToAsync(url);
        return page;
    }

    /// <summary>Presses a button or a link that leads to another page.</summary>
    internal static async Task<IResponse> PressAsync(this IPage page, string selector)
    {
        Task<IResponse> navigation = page.WaitForNavigationAsync();
        await page.ClickAsync(selector);
        return await navigation;
    }

    internal static Task<string> TextAsync(this IPage page, string selector) =>
        page.QuerySelectorAsync(selector).EvaluateFunctionAsync<string>("element => element.textContent.trim()");

    /// <summary>Waits until the function gives something, and has it. The error tells what there was on the page instead.</summary>
    internal static async Task<IJSHandle> WaitAsync(this IPage page, string function, params object[] arguments)
    {
        try
        {
            // Not with each picture: a page that is not in front may get none.
            return await page.WaitForFunctionAsync(
                function, new WaitForFunctionOptions { Timeout = Patience.LimitMs, PollingInterval = PollingMs }, arguments);
        }
        catch (WaitTaskTimeoutException late)
        {
            string there = await page.EvaluateExpressionAsync<string>(
                "`the focus is on ${document.activeElement?.outerHTML.slice(0, 200)}, the page reads: "
                + "${document.body.innerText.slice(0, 3000)}`");
            throw new TimeoutException($"{page.Url} did not come to {function} with ({string.Join(", ", arguments)}); {there}", late);
        }
    }

    /// <summary>Waits until such an element is there.</summary>
    internal static Task<IJSHandle> UntilThereAsync(this IPage page, string selector) =>
        page.WaitAsync("selector => document.querySelector(selector)", selector);

    /// <summary>Waits until the element is there and has the text.</summary>
    internal static Task UntilAsync(this IPage page, string selector, string text) => page.WaitAsync(
        "(selector, text) => [...document.querySelectorAll(selector)].some(element => element.textContent.trim() === text)",
        selector, text);

    /// <summary>Waits until such an element has a text with this in it.</summary>
    internal static Task UntilContainsAsync(this IPage page, string selector, string text) => page.WaitAsync(
        "(selector, text) => [...document.querySelectorAll(selector)].some(element => element.textContent.includes(text))",
        selector, text);

    /// <summary>Waits until there is no such element any more.</summary>
    internal static Task UntilGoneAsync(this IPage page, string selector) =>
        page.WaitAsync("selector => document.querySelector(selector) === null", selector);

    /// <summary>Waits for a button or a link with this text within such an element, which may be used, and uses it.</summary>
    internal static async Task UseAsync(this IPage page, string within, string text)
    {
        IJSHandle element = await page.WaitAsync(
            """
            (within, text) => [...document.querySelectorAll(within)]
                .flatMap(element => [...element.querySelectorAll('button, a')])
                .find(element => !element.disabled && element.textContent.trim() === text)
            """,
            within, text);
        await element.EvaluateFunctionAsync("element => element.click()");
    }

    /// <summary>Waits for the field and replaces what is in it.</summary>
    internal static async Task FillAsync(this IPage page, string selector, string text)
    {
        IJSHandle field = await page.UntilThereAsync(selector);
        await field.EvaluateFunctionAsync("element => { element.focus(); element.select(); }");
        await page.Keyboard.PressAsync("Backspace");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes on with the tabulator until this element has the focus, and sees that one can see that it has.</summary>
    internal static async Task TabToAsync(this IPage page, string selector)
    {
        const int PressesMax = 100;
        for (int i = 0; i < PressesMax; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateFunctionAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                Assert.NotEqual(
                    "none", await page.EvaluateFunctionAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
                return;
            }
        }
        Assert.Fail($"the tabulator does not lead to {selector}");
    }

    /// <summary>Presses the key on what has the focus, which leads to another page.</summary>
    internal static async Task KeyAsync(this IPage page, string key)
    {
        Task navigation = page.WaitForNavigationAsync();
        await page.Keyboard.PressAsync(key);
        await navigation;
    }
}
