namespace Bixbite.Engine.Commands;

/// <summary>
/// Registers a command: put on a handler method it is all that is needed, the table is generated from it. On a class it declares a
/// container, a command that only leads to its subcommands ("client" to "client|list"). The words are those of COMMAND INFO and COMMAND
/// DOCS; the generator checks every one of them when the command is compiled.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class CommandAttribute(string name) : Attribute
{
    /// <summary>Lower case; a subcommand follows its container's name: "client|list".</summary>
    public string Name { get; } = name;

    /// <summary>"string", "generic", "sorted_set" ...: as COMMAND DOCS has it. Implies the ACL category.</summary>
    public string Group { get; set; } = "";

    /// <summary>The Redis release that brought the command.</summary>
    public string Since { get; set; } = "";

    /// <summary>The number of arguments with the command's name (and the subcommand's); at least so many where negative.</summary>
    public int Arity { get; set; }

    /// <summary>Words of <see cref="CommandFlags"/> as COMMAND INFO spells them: "write denyoom fast".</summary>
    public string Flags { get; set; } = "";

    /// <summary>ACL categories in place of the one the group implies: "keyspace dangerous". "none" for none.</summary>
    public string Categories { get; set; } = "";

    /// <summary>Where the keys are and what happens to them: see <see cref="KeySpecParser"/>.</summary>
    public string Keys { get; set; } = "";

    /// <summary>
    /// A static method of the class, <c>KeySpecFlags Name(ReadOnlySpan&lt;Argument&gt; arguments)</c>, that tells what a request does to
    /// its keys. For commands whose specs say variable_flags.
    /// </summary>
    public string KeyFlags { get; set; } = "";

    /// <summary>
    /// The channels that requests name: "first" for the first argument, "all" for every one, "patterns" if all are patterns of channels.
    /// Ending a subscription names none.
    /// </summary>
    public string Channels { get; set; } = "";

    /// <summary>
    /// The databases that requests use beside their client's: the places of arguments that are their numbers, between blanks; "DB" for the
    /// number after that word; "all" for every database.
    /// </summary>
    public string Databases { get; set; } = "";

    /// <summary>Hints for clients and proxies: "nondeterministic_output request_policy:all_shards".</summary>
    public string Tips { get; set; } = "";

    /// <summary>"O(1)", "O(N) with N the number of keys".</summary>
    public string Complexity { get; set; } = "";

    /// <summary>One sentence of what the command does.</summary>
    public string Summary { get; set; } = "";

    /// <summary>The arguments after the name: see <see cref="SyntaxParser"/>.</summary>
    public string Syntax { get; set; } = "";

    /// <summary>The changes of later releases, a release and a sentence each, between bars: see <see cref="CommandHistory"/>.</summary>
    public string History { get; set; } = "";

    /// <summary>The release since which the command should not be used any more.</summary>
    public string DeprecatedSince { get; set; } = "";

    /// <summary>The replacement of a deprecated command.</summary>
    public string ReplacedBy { get; set; } = "";
}
