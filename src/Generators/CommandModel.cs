namespace Bixbite.Generators;

/// <summary>One [Command]: what the catalog says of it.</summary>
internal sealed record CommandModel(
    string Name,
    HandlerClass Handler,
    string? Method,
    string? KeyFlagsMethod,
    ValueList<NamedValue> Values,
    SourceSpan Source)
{
    /// <summary>The container's name of a subcommand; null for others.</summary>
    public string? ContainerName => Name.IndexOf('|') is > 0 and int bar ? Name.Substring(0, bar) : null;

    public string Text(string property) => Values.FirstOrDefault(value => value.Name == property)?.Value as string ?? "";

    public int Number(string property) => Values.FirstOrDefault(value => value.Name == property)?.Value as int? ?? 0;
}

/// <summary>A property that the attribute sets: a string or an int.</summary>
internal sealed record NamedValue(string Name, object? Value);

/// <summary>The class of a handler and the types its constructor takes, by their full names.</summary>
internal sealed record HandlerClass(string TypeName, ValueList<string> ServiceTypes);
