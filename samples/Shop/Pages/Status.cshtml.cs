using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Shop.Pages;

/// <summary>Shown in place of an answer without a body.</summary>
[IgnoreAntiforgeryToken]
public sealed class StatusModel : PageModel
{
    public string Heading { get; private set; } = "";

    public string Explanation { get; private set; } = "";

    public void OnGet(int code) => (Heading, Explanation) = code switch
    {
        StatusCodes.Status404NotFound => ("Not here", "There is no such page, or no such tea."),
        StatusCodes.Status429TooManyRequests => ("One moment", "You have had enough cups for now: come again in a while."),
        _ => ("That did not work", $"The shop answers {code}."),
    };

    public void OnPost(int code) => OnGet(code);
}
