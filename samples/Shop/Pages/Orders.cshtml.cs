using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Orders;

namespace Shop.Pages;

public sealed class OrdersModel(Cart cart, OrderQueue queue) : PageModel
{
    public IReadOnlyList<(string Id, bool IsPacked)> Orders { get; private set; } = [];

    public async Task OnGetAsync() => Orders =
        [.. await Task.WhenAll(cart.OrderIds.Select(async id => (id, await queue.IsPackedAsync(id))))];
}
