namespace Bixbite.Hosted;

/// <summary>The package shows two types, in the namespace of the library.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void ItIsSmall()
    {
        Type[] types = typeof(BixbiteBuilder).Assembly.GetExportedTypes();
        Assert.Equal(
            ["Bixbite.BixbiteBuilder", "Bixbite.BixbiteServiceCollectionExtensions"],
            types.Select(static type => type.FullName).Order(StringComparer.Ordinal));
        Assert.All(types, static type => Assert.True(type.IsSealed));
    }

    /// <summary>It is a facade: what it adds is of the library, or of the packages that applications know.</summary>
    [Fact]
    public void NoTypeOfTheLayersIsReferred() => Assert.Equal(
        ["Bixbite", "Bixbite.StackExchangeRedis"],
        typeof(BixbiteBuilder).Assembly.GetReferencedAssemblies().Select(static assembly => assembly.Name!)
            .Where(static name => name.StartsWith("Bixbite", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
}
