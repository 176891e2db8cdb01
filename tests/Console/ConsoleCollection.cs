using Bixbite.Hosted.Browsing;

namespace Bixbite.Console;

/// <summary>One browser and one large server for all tests here, which run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Chromium>, ICollectionFixture<MillionKeys>
{
    public const string Name = "console";
}
