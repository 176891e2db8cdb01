using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Orders;

namespace Shop.Pages;

public sealed class CartModel(Catalogue catalogue, Cart cart, OrderQueue queue) : PageModel
{
    public IReadOnlyList<(Product Product, int Count)> Lines { get; private set; } = [];

    public async Task OnGetAsync()
    {
        List<(Product, int)> lines = [];
        foreach ((string id, int count) in cart.Items)
        {
            if (await catalogue.FindAsync(id, HttpContext.RequestAborted) is { } product)
            {
                lines.Add((product, count));
            }
        }
        Lines = lines;
    }

    public IActionResult OnPostRemove(string id)
    {
        cart.Remove(id);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostOrderAsync()
    {
        if (cart.Items.Count == 0)
        {
            return RedirectToPage();
        }
        cart.Become(await queue.PlaceAsync(cart.Items));
        return RedirectToPage("/Orders");
    }
}
