using Microsoft.CodeAnalysis;

namespace Bixbite.Generators;

/// <summary>The commands and findings of one method or class with [Command].</summary>
internal sealed record ReadResult(ValueList<CommandModel> Commands, ValueList<Finding> Findings);

/// <summary>Reads attributes and handlers into models, and finds what is wrong with the handler itself.</summary>
internal static class CommandReader
{
    private const string ContextName = "Bixbite.Engine.Execution.CommandContext";

    public static ReadResult Read(GeneratorAttributeSyntaxContext attributed)
    {
        var source = SourceSpan.Of(attributed.TargetSymbol.Locations[0]);
        var findings = new List<Finding>();
        var method = attributed.TargetSymbol as IMethodSymbol;
        INamedTypeSymbol type = method?.ContainingType ?? (INamedTypeSymbol)attributed.TargetSymbol;
        HandlerClass? handler = ReadClass(type, source, findings);
        if (method is not null)
        {
            CheckMethod(method, source, findings);
        }
        var commands = new List<CommandModel>();
        if (handler is not null)
        {
            foreach (AttributeData attribute in attributed.Attributes)
            {
                commands.Add(ReadAttribute(attribute, handler, method, source));
            }
        }
        return new ReadResult(new ValueList<CommandModel>(commands), new ValueList<Finding>(findings));
    }

    private static CommandModel ReadAttribute(AttributeData attribute, HandlerClass handler, IMethodSymbol? method, SourceSpan source)
    {
        string name = attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
        var values = attribute.NamedArguments.Select(argument => new NamedValue(argument.Key, argument.Value.Value)).ToList();
        string? keyFlags = values.FirstOrDefault(value => value.Name == "KeyFlags")?.Value as string;
        string? keyFlagsMethod = keyFlags is null ? null : handler.TypeName + "." + keyFlags;
        return new CommandModel(name, handler, method?.Name, keyFlagsMethod, new ValueList<NamedValue>(values), source);
    }

    private static HandlerClass? ReadClass(INamedTypeSymbol type, SourceSpan source, List<Finding> findings)
    {
        string typeName = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        if (type.IsStatic || type.IsAbstract || type.IsGenericType || type.TypeKind != TypeKind.Class || type.ContainingType is not null)
        {
            findings.Add(new Finding(Rules.Signature, source, "in a plain class that is not static, abstract, generic or nested"));
            return null;
        }
        var constructors = type.InstanceConstructors.Where(constructor => !constructor.IsStatic).ToList();
        if (constructors.Count != 1)
        {
            findings.Add(new Finding(Rules.Signature, source, "in a class with exactly one constructor"));
            return null;
        }
        var services = constructors[0].Parameters
            .Select(parameter => parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)).ToList();
        return new HandlerClass(typeName, new ValueList<string>(services));
    }

    private static void CheckMethod(IMethodSymbol method, SourceSpan source, List<Finding> findings)
    {
        bool isRight = !method.IsStatic && !method.IsGenericMethod && method.ReturnsVoid && !method.IsAsync
            && method.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
            && method.Parameters.Length == 1 && method.Parameters[0].RefKind == RefKind.None
            && method.Parameters[0].Type.ToDisplayString() == ContextName;
        if (!isRight)
        {
            findings.Add(new Finding(Rules.Signature, source, "an accessible instance method 'void Name(CommandContext context)'"));
        }
    }
}
