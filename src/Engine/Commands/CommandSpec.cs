using System.Diagnostics;
using System.Text;

namespace Bixbite.Engine.Commands;

/// <summary>
/// A command as its <see cref="CommandAttribute"/> declares it, read into the form that the gates need at every request. It never
/// changes, so all servers of a process share it.
/// </summary>
public sealed class CommandSpec
{
    /// <param name="declaration">The attribute.</param>
    /// <param name="keyFlags">Tells what a request does to its keys, if that differs.</param>
    /// <param name="isContainer">It leads to subcommands.</param>
    public CommandSpec(CommandAttribute declaration, KeyFlagsResolver? keyFlags = null, bool isContainer = false)
    {
        Declaration = declaration;
        IsContainer = isContainer;
        FullName = Encoding.ASCII.GetBytes(declaration.Name);
        NameStart = declaration.Name.IndexOf('|', StringComparison.Ordinal) + 1;
        bool isRead = CommandWords.TryParse(declaration.Flags, out CommandFlags flags);
        Debug.Assert(isRead, "the generator lets only known flags through");
        Keys = new KeySpecs(KeySpecParser.Parse(declaration.Keys, out _) ?? [], keyFlags);
        Flags = Keys.IsMovable ? flags | CommandFlags.MovableKeys : flags;
        Categories = CommandWords.CategoriesOf(flags, NamedCategories(declaration, isContainer));
        FirstMember = FirstMemberOf(declaration);
    }

    public CommandAttribute Declaration { get; }

    public bool IsContainer { get; }

    public CommandFlags Flags { get; }

    public CommandCategories Categories { get; }

    public KeySpecs Keys { get; }

    /// <summary>The position of the first field or member that a command on one key names; 0 where it names none.</summary>
    public int FirstMember { get; }

    /// <summary>Lower case, with the container's: "client|list".</summary>
    internal byte[] FullName { get; }

    /// <summary>Where its own name begins in that.</summary>
    internal int NameStart { get; }

    /// <summary>
    /// As the syntax has it: "key field", "key (data: field value) ...", "key ... (data: score member) ..." or "key increment member".
    /// </summary>
    private static int FirstMemberOf(CommandAttribute declaration)
    {
        if (declaration.Syntax.Contains("score:double member", StringComparison.Ordinal)
            || declaration.Syntax.Contains("increment member", StringComparison.Ordinal))
        {
            return 3;
        }
        ReadOnlySpan<char> syntax = declaration.Syntax;
        return TakeName(ref syntax) is "key" && TakeName(ref syntax) is "field" or "member" ? 2 : 0;
    }

    /// <summary>The next word that is no label of a group; empty at the end.</summary>
    private static ReadOnlySpan<char> TakeName(ref ReadOnlySpan<char> syntax)
    {
        ReadOnlySpan<char> word;
        do
        {
            syntax = syntax.TrimStart(" ()");
            int end = syntax.IndexOfAny(" ()");
            word = end < 0 ? syntax : syntax[..end];
            syntax = syntax[word.Length..];
        }
        while (word.EndsWith(':'));
        return word;
    }

    private static CommandCategories NamedCategories(CommandAttribute declaration, bool isContainer)
    {
        if (CommandWords.TryParse(declaration.Categories, out CommandCategories categories) && declaration.Categories.Length > 0)
        {
            return categories;
        }
        bool isImplied = CommandWords.TryFindGroup(declaration.Group, out CommandCategories implied) && !isContainer;
        return isImplied ? implied : CommandCategories.None;
    }
}
