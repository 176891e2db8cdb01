using Bixbite.Engine.Commands;

namespace Bixbite.Tool.Facts;

/// <summary>A command or subcommand as people are told of it.</summary>
internal sealed class CommandEntry
{
    private readonly Lazy<IReadOnlyList<SyntaxArgument>> _arguments;

    public CommandEntry(CommandSpec spec)
    {
        Declaration = spec.Declaration;
        IsContainer = spec.IsContainer;
        Words = Declaration.Name.ToUpperInvariant().Split('|');
        _arguments = new(() => SyntaxParser.Parse(Declaration.Syntax, spec.Keys.Specs.Count, out _) ?? []);
    }

    public CommandAttribute Declaration { get; }

    public bool IsContainer { get; }

    /// <summary>"CLIENT" and "LIST".</summary>
    public string[] Words { get; }

    public string Name => string.Join(' ', Words);

    public IReadOnlyList<SyntaxArgument> Arguments => _arguments.Value;

    /// <summary>All words that stand for themselves among its arguments.</summary>
    public IEnumerable<string> Tokens => TokensOf(Arguments);

    private static IEnumerable<string> TokensOf(IEnumerable<SyntaxArgument> arguments) => arguments.SelectMany(argument =>
        TokensOf(argument.Arguments).Concat(argument.Token is { } token ? [token] : []));
}
