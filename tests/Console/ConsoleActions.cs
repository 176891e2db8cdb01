using Bixbite.Hosted.Browsing;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;
using PuppeteerSharp;

namespace Bixbite.Console;

/// <summary>What somebody does with the console.</summary>
internal static class ConsoleActions
{
    /// <summary>The selector of the notices, which say what was done.</summary>
    internal const string Notice = ".notice span";

    /// <summary>Opens a view, and waits until it is shown.</summary>
    internal static async Task<IPage> OpenConsoleAsync(this IBrowserContext visitor, HttpServer server, string address, string heading)
    {
        IPage page = await visitor.OpenAsync($"{server.Uri}console#/{address}");
        await page.UntilAsync("h1", heading);
        return page;
    }

    /// <summary>Goes to another view by its link.</summary>
    internal static async Task GoAsync(this IPage page, string view)
    {
        await page.UseAsync("nav", view);
        await page.UntilAsync("h1", view);
    }

    /// <summary>Goes to a key by its address.</summary>
    internal static async Task OpenKeyAsync(this IPage page, string address, string type)
    {
        await page.EvaluateFunctionAsync("address => { location.hash = '#/keys/' + address; }", address);
        await page.UntilAsync(".key .facts .type", type);
    }

    /// <summary>Presses the button of the row in which this text is.</summary>
    internal static async Task UseRowAsync(this IPage page, string text, string button)
    {
        IJSHandle element = await page.WaitAsync(
            """
            (text, button) => [...document.querySelectorAll('tbody tr')]
                .filter(row => [...row.querySelectorAll('td, th')].some(cell => cell.textContent.trim() === text))
                .flatMap(row => [...row.querySelectorAll('button')])
                .find(element => !element.disabled && element.textContent.trim() === button)
            """,
            text, button);
        await element.EvaluateFunctionAsync("element => element.click()");
    }

    /// <summary>Waits until the table of the key's elements has these rows: the texts of the first two cells.</summary>
    internal static Task UntilRowsAsync(this IPage page, params string[] rows) => page.WaitAsync(
        """
        rows => JSON.stringify([...document.querySelectorAll('.key tbody tr')]
            .map(row => [...row.cells].slice(0, 2).map(cell => cell.textContent.trim()).join(' '))) === JSON.stringify(rows)
        """,
        (object)rows);

    /// <summary>Fills the field with this label in the dialog that is open.</summary>
    internal static async Task FillLabelAsync(this IPage page, string label, string text)
    {
        IJSHandle field = await page.WaitAsync(
            """
            label => [...document.querySelectorAll('dialog[open] label, form.editor label, .card label')]
                .filter(element => element.textContent.trim() === label).map(element => element.control).find(Boolean)
            """,
            label);
        await field.EvaluateFunctionAsync("element => { element.focus(); element.select?.(); }");
        await page.Keyboard.PressAsync("Backspace");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Sends the dialog that is open, and waits until it has gone.</summary>
    internal static async Task SendDialogAsync(this IPage page, string action)
    {
        await page.UseAsync("dialog[open]", action);
        await page.UntilGoneAsync("dialog[open]");
    }

    /// <summary>Takes back what was done, and waits until that is so.</summary>
    internal static async Task UndoAsync(this IPage page)
    {
        await page.UseAsync(".notices", "Undo");
        await page.UntilAsync(Notice, "Undone");
        await page.UseAsync(".notices", "✕");
    }
}
