using Microsoft.CodeAnalysis;

namespace Bixbite.Generators;

/// <summary>The diagnostics of the generator.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor Signature = Create("BIX001", "Wrong handler", "A command's handler must be {0}");
    public static readonly DiagnosticDescriptor Name = Create("BIX002", "Bad command name", "Command name: {0}");
    public static readonly DiagnosticDescriptor Arity = Create("BIX003", "Bad arity", "Arity: {0}");
    public static readonly DiagnosticDescriptor Keys = Create("BIX004", "Bad key spec", "Keys: {0}");
    public static readonly DiagnosticDescriptor Syntax = Create("BIX005", "Bad syntax", "Syntax: {0}");
    public static readonly DiagnosticDescriptor Words = Create("BIX006", "Unknown word", "{0}");
    public static readonly DiagnosticDescriptor Documentation = Create("BIX007", "Incomplete command", "{0}");

    private static DiagnosticDescriptor Create(string id, string title, string message) =>
        new(id, title, message, "Bixbite", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
