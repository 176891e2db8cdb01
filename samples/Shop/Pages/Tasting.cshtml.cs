using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Shop.Pages;

public sealed class TastingModel : PageModel
{
    /// <summary>The tea that was poured.</summary>
    public string? Cup { get; private set; }

    public void OnGet(string? cup) => Cup = cup;
}
