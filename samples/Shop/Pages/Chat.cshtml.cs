using Microsoft.AspNetCore.Mvc.RazorPages;
using StackExchange.Redis;

namespace Shop.Pages;

public sealed class ChatModel(IConnectionMultiplexer redis) : PageModel
{
    public IReadOnlyList<string> Said { get; private set; } = [];

    public async Task OnGetAsync() => Said = await LiveHub.SaidAsync(redis);
}
