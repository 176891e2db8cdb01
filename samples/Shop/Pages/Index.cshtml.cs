using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Shop.Pages;

public sealed class IndexModel(Catalogue catalogue, Cart cart) : PageModel
{
    public IReadOnlyList<Product> Products => catalogue.All;

    public async Task<IActionResult> OnPostAsync(string id)
    {
        if (await catalogue.FindAsync(id, HttpContext.RequestAborted) is null)
        {
            return NotFound();
        }
        cart.Add(id);
        return RedirectToPage("/Cart");
    }
}
