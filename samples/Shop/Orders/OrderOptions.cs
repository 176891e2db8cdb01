namespace Shop.Orders;

/// <summary>The section <c>Orders</c> of the configuration.</summary>
public sealed class OrderOptions
{
    /// <summary>How long it takes to pack one.</summary>
    public TimeSpan PackingTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>An order that a packer has taken and not finished for so long is taken by another one.</summary>
    public TimeSpan ClaimAfter { get; set; } = TimeSpan.FromSeconds(30);
}
