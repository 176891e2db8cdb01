namespace Bixbite.Engine.Commands;

/// <summary>The type of an argument, as in COMMAND DOCS.</summary>
public enum SyntaxType
{
    String,
    Integer,
    Double,
    Key,
    Pattern,
    UnixTime,

    /// <summary>A word that stands for itself.</summary>
    PureToken,

    /// <summary>One of its arguments.</summary>
    OneOf,

    /// <summary>All of its arguments, one after the other.</summary>
    Block,
}

/// <summary>One argument of a command, as COMMAND DOCS describes it: a tree.</summary>
public sealed class SyntaxArgument(string name, SyntaxType type)
{
    public string Name { get; set; } = name;

    public SyntaxType Type { get; } = type;

    /// <summary>The word before the value, or the word itself; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The key spec that finds this key; -1 for what is no key.</summary>
    public int KeySpecIndex { get; set; } = -1;

    /// <summary>The release that brought it, where the command is older; empty otherwise.</summary>
    public string Since { get; set; } = "";

    /// <summary>The release since which it should not be used any more.</summary>
    public string DeprecatedSince { get; set; } = "";

    public bool IsOptional { get; set; }

    public bool IsMultiple { get; set; }

    /// <summary>The token is repeated with every value.</summary>
    public bool IsTokenMultiple { get; set; }

    /// <summary>The members of a <see cref="SyntaxType.OneOf"/> or <see cref="SyntaxType.Block"/>.</summary>
    public IReadOnlyList<SyntaxArgument> Arguments { get; set; } = [];
}
