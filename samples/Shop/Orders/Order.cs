namespace Shop.Orders;

/// <summary>An order that waits in the queue.</summary>
/// <param name="Id">Its number: that of its entry in the stream.</param>
/// <param name="Items">How many of each product.</param>
public sealed record Order(string Id, IReadOnlyDictionary<string, int> Items);
