using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.OutputCaching;

namespace Shop.Pages;

/// <summary>The page of a product, which is rendered once for all. So there is nothing of a visitor on it.</summary>
[OutputCache(PolicyName = Catalogue.CachePolicy)]
public sealed class ProductModel(Catalogue catalogue, TimeProvider time) : PageModel
{
    public Product? Product { get; private set; }

    public int Stock { get; private set; }

    public string RenderedAt { get; } = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public async Task<IActionResult> OnGetAsync(string id)
    {
        Product = await catalogue.FindAsync(id, HttpContext.RequestAborted);
        if (Product is null)
        {
            return NotFound();
        }
        Stock = await catalogue.StockAsync(id);
        return Page();
    }
}
