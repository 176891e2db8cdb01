namespace Bixbite.Tidy;

/// <summary>One subject that may break one rule, and why.</summary>
internal sealed record Exemption(string Rule, string Subject, string Reason);

/// <summary>All exemptions. The list only shrinks: one that is not needed any more fails the tests.</summary>
internal static class Exemptions
{
    public static IReadOnlyList<Exemption> All { get; } =
    [
        new(
            nameof(NameRules.FilesHoldTheTypeTheyAreNamedFor),
            "bench/Load/Client/Commands.cs",
            "Four command sources of a few lines, read side by side."),
        new(nameof(NameRules.NamespacesAreFolders), "src/Generators/IsExternalInit.cs", "The compiler asks for this full name."),
    ];
}
