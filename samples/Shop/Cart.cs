using System.Text.Json;

namespace Shop;

/// <summary>The cart and the orders of a visitor, in the session: how many of each product, and the numbers of orders.</summary>
public sealed class Cart(IHttpContextAccessor accessor)
{
    private const string ItemsKey = "cart";
    private const string OrdersKey = "orders";

    public IReadOnlyDictionary<string, int> Items => Read<Dictionary<string, int>>(ItemsKey);

    /// <summary>Newest first.</summary>
    public IReadOnlyList<string> OrderIds => Read<List<string>>(OrdersKey);

    private ISession Session => accessor.HttpContext!.Session;

    public void Add(string productId)
    {
        Dictionary<string, int> items = Read<Dictionary<string, int>>(ItemsKey);
        items[productId] = items.GetValueOrDefault(productId) + 1;
        Write(ItemsKey, items);
    }

    public void Remove(string productId)
    {
        Dictionary<string, int> items = Read<Dictionary<string, int>>(ItemsKey);
        items.Remove(productId);
        Write(ItemsKey, items);
    }

    /// <summary>Its items were ordered: it is empty, and the order is one of the visitor's.</summary>
    public void Become(string orderId)
    {
        Write(OrdersKey, (string[])[orderId, .. OrderIds]);
        Session.Remove(ItemsKey);
    }

    private T Read<T>(string key)
        where T : new() => Session.GetString(key) is { } text ? JsonSerializer.Deserialize<T>(text)! : new T();

    private void Write<T>(string key, T value) => Session.SetString(key, JsonSerializer.Serialize(value));
}
