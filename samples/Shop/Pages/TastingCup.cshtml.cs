using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Shop.Store;

namespace Shop.Pages;

/// <summary>Pours a cup: asked too often it is refused by the limiter, before it comes here.</summary>
[EnableRateLimiting(TastingLimit.Policy)]
public sealed class TastingCupModel(Catalogue catalogue) : PageModel
{
    public IActionResult OnGet() => RedirectToPage("/Tasting");

    public IActionResult OnPost() =>
        RedirectToPage("/Tasting", new { cup = catalogue.All[Random.Shared.Next(catalogue.All.Count)].Name });
}
