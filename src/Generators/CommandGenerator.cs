using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Bixbite.Generators;

/// <summary>
/// Builds Bixbite.Commands.CommandCatalog from the [Command] attributes of the project: one call creates the handlers with the services
/// they ask for and returns the table. Everything an attribute says is checked here, so that a wrong word is a compile error.
/// </summary>
[Generator]
public sealed class CommandGenerator : IIncrementalGenerator
{
    private const string AttributeName = "Bixbite.Engine.Commands.CommandAttribute";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<ReadResult>> results = context.SyntaxProvider
            .ForAttributeWithMetadataName(AttributeName, (_, _) => true, (attributed, _) => CommandReader.Read(attributed))
            .Collect();
        context.RegisterSourceOutput(results, Produce);
    }

    private static void Produce(SourceProductionContext context, ImmutableArray<ReadResult> results)
    {
        var commands = results.SelectMany(result => result.Commands).OrderBy(command => command.Name, StringComparer.Ordinal).ToList();
        var findings = results.SelectMany(result => result.Findings).Concat(CommandChecks.Run(commands)).ToList();
        foreach (Finding finding in findings)
        {
            context.ReportDiagnostic(finding.ToDiagnostic());
        }
        if (findings.Count == 0)
        {
            context.AddSource("CommandCatalog.g.cs", CatalogWriter.Write(commands));
        }
    }
}
