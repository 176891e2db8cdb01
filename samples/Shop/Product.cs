using System.Globalization;

namespace Shop;

/// <summary>Something that the shop sells.</summary>
public sealed record Product(string Id, string Name, string Description, decimal Price)
{
    public string PriceText => Price.ToString("0.00", CultureInfo.InvariantCulture) + " €";
}
