using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>The example of docs/HOSTING.md compiles, with what a project has by itself, and prints what the page says.</summary>
[Collection(AloneCollection.Name)]
public sealed class HostingPageTests
{
    private const string Usings = "global using System; global using System.IO; global using System.Threading.Tasks;";

    [Fact]
    public async Task TheExampleRuns()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string page = File.ReadAllText(Configuration.Repository.File("docs/HOSTING.md"));
        string example = page.Split("```csharp\n")[1].Split("```")[0];
        using MemoryStream assembly = new();
        string loaded = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        Microsoft.CodeAnalysis.Emit.EmitResult result = CSharpCompilation.Create(
            "Example",
            [.. new[] { example, Usings }.Select(text => CSharpSyntaxTree.ParseText(text, cancellationToken: cancellation))],
            loaded.Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)).Emit(assembly, cancellationToken: cancellation);
        Assert.Empty(result.Diagnostics.Where(static each => each.Severity != DiagnosticSeverity.Hidden));
        MethodInfo main = Assembly.Load(assembly.ToArray()).EntryPoint!;
        TextWriter console = Console.Out;
        using StringWriter printed = new();
        Console.SetOut(printed);
        try
        {
            await Task.Run(() => main.Invoke(null, [Array.Empty<string>()]), cancellation);
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.Equal(["+OK", "$5", "hello"], printed.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
