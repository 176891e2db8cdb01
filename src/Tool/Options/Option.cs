namespace Bixbite.Tool.Options;

/// <summary>An option of a command line.</summary>
/// <param name="Names">As they are typed: "-p", or "-a" and "--pass".</param>
/// <param name="Value">The name of its value in the help; empty for an option that has none.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Apply">Takes the value, an empty one for an option that has none. It throws a ToolException about a wrong one.</param>
internal sealed record Option(string[] Names, string Value, string Help, Action<string> Apply)
{
    /// <summary>The same, without names that mean something else in a command.</summary>
    public Option Without(params string[] names) => this with { Names = [.. Names.Except(names)] };

    public string Shown => string.Join(", ", Names) + (Value.Length > 0 ? $" <{Value}>" : "");
}
