using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// The rules about commands and categories that were given since the last <c>+@all</c> or <c>-@all</c>, in their order, so that they can
/// be shown and given again. One that says nothing any more is left out: a rule takes the place of an earlier one of the same name, and
/// of those of its subcommands.
/// </summary>
internal sealed class CommandRules
{
    private readonly List<Rule> _rules;

    public CommandRules() => _rules = [];

    private CommandRules(List<Rule> rules) => _rules = rules;

    public CommandRules Clone() => new([.. _rules]);

    public void Clear() => _rules.Clear();

    public void Add(bool isAllowed, ReadOnlySpan<byte> name)
    {
        byte[] lower = name.ToArray();
        Ascii.ToLower(lower, lower);
        _rules.RemoveAll(rule => IsSuperseded(rule.Name, lower));
        _rules.Add(new Rule(isAllowed, lower));
    }

    /// <summary>Each rule after a blank.</summary>
    public void AppendTo(IBufferWriter<byte> text, bool isNested)
    {
        foreach (Rule rule in _rules)
        {
            text.Write(" "u8);
            RuleWords.Write(text, rule.IsAllowed ? "+"u8 : "-"u8, rule.Name, isNested);
        }
    }

    private static bool IsSuperseded(ReadOnlySpan<byte> old, ReadOnlySpan<byte> name) =>
        old.StartsWith(name) && (old.Length == name.Length || old[name.Length] == '|');

    private readonly record struct Rule(bool IsAllowed, byte[] Name);
}
