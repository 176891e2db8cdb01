extern alias generators;

using System.Collections.Immutable;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using generators::Bixbite.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Bixbite.Unit.Generators;

public sealed class CommandGeneratorTests
{
    private const string Documented = "Group = \"string\", Since = \"1.0.0\", Complexity = \"O(1)\", Summary = \"Does it.\"";

    private const string Usings = "using Bixbite.Engine.Commands; using Bixbite.Engine.Execution; namespace Test;\n";

    [Fact]
    public void WritesACatalogThatCompiles()
    {
        string source = Class(
            "Client(Clock clock, Bixbite.Engine.Execution.CommandTable table)",
            $"[Command(\"client|list\", Arity = -2, {Documented})] public void List(CommandContext context) {{ }}",
            $"[Command(\"client\", Arity = -2, {Documented})]")
            + Class("Get", $"[Command(\"get\", Arity = 2, Keys = \"ro; 1\", {Documented})] internal void Run(CommandContext c) {{ }}", "")
            + "public sealed class Clock;";
        Compilation compilation = Run(source, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        IEnumerable<Diagnostic> errors = compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(errors);
        string catalog = compilation.SyntaxTrees.Last().ToString();
        Assert.Contains("new(typeof(global::Test.Client), typeof(global::Test.Clock)),", catalog, StringComparison.Ordinal);
        Assert.Contains("new global::Test.Client(services.Get<global::Test.Clock>(), ", catalog, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BIX001", "[Command(\"get\", Arity = 2, DOCS)] public static void Run(CommandContext context) { }")]
    [InlineData("BIX001", "[Command(\"get\", Arity = 2, DOCS)] public int Run(CommandContext context) => 1;")]
    [InlineData("BIX001", "[Command(\"get\", Arity = 2, DOCS)] public void Run() { }")]
    [InlineData("BIX001", "[Command(\"get\", Arity = 2, DOCS)] private void Run(CommandContext context) { }")]
    [InlineData("BIX002", "[Command(\"Get\", Arity = 2, DOCS)] public void Run(CommandContext context) { }")]
    [InlineData("BIX002", "[Command(\"get\", Arity = 2, DOCS), Command(\"get\", Arity = 2, DOCS)] public void Run(CommandContext c) { }")]
    [InlineData("BIX002", "[Command(\"none|get\", Arity = 2, DOCS)] public void Run(CommandContext context) { }")]
    [InlineData("BIX003", "[Command(\"get\", DOCS)] public void Run(CommandContext context) { }")]
    [InlineData("BIX004", "[Command(\"get\", Arity = 2, Keys = \"ro\", DOCS)] public void Run(CommandContext context) { }")]
    [InlineData("BIX004", "[Command(\"get\", Arity = 2, Keys = \"ro variable_flags; 1\", DOCS)] public void Run(CommandContext c) { }")]
    [InlineData("BIX005", "[Command(\"get\", Arity = 2, Syntax = \"[key\", DOCS)] public void Run(CommandContext context) { }")]
    [InlineData("BIX006", "[Command(\"get\", Arity = 2, Flags = \"quick\", DOCS)] public void Run(CommandContext context) { }")]
    [InlineData("BIX007", "[Command(\"get\", Arity = 2, Group = \"string\")] public void Run(CommandContext context) { }")]
    public void RefusesWhatIsWrong(string id, string method)
    {
        Run(Class("Get", method.Replace("DOCS", Documented, StringComparison.Ordinal), ""), out ImmutableArray<Diagnostic> diagnostics);
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == id);
    }

    private static string Class(string header, string body, string attribute) =>
        $"{attribute} public sealed class {header} {{ {body} }}\n";

    private static Compilation Run(string source, out ImmutableArray<Diagnostic> diagnostics)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        MetadataReference[] references =
        [
            MetadataReference.CreateFromFile(typeof(object).Assembly.Location),
            MetadataReference.CreateFromFile(Path.Combine(runtime, "System.Runtime.dll")),
            MetadataReference.CreateFromFile(typeof(CommandContext).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(CommandAttribute).Assembly.Location),
        ];
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        SyntaxTree tree = CSharpSyntaxTree.ParseText(Usings + source);
        var compilation = CSharpCompilation.Create("Test", [tree], references.DistinctBy(reference => reference.Display), options);
        CSharpGeneratorDriver.Create(new CommandGenerator())
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation result, out diagnostics);
        return result;
    }
}
