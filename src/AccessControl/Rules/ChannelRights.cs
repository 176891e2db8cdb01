using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>The channels that a selector admits: <c>&amp;pattern</c>, <c>allchannels</c>. None at first. Belongs to its selector.</summary>
internal sealed class ChannelRights
{
    private readonly List<Pattern> _patterns = [];

    public bool HasAll { get; private set; }

    public bool IsEmpty => !HasAll && _patterns.Count == 0;

    public IReadOnlyList<Pattern> Patterns => _patterns;

    public ChannelRights Clone()
    {
        var clone = new ChannelRights { HasAll = HasAll };
        clone._patterns.AddRange(_patterns);
        return clone;
    }

    /// <summary>Applies a rule; null where it is about something else.</summary>
    public RuleProblem? Apply(ReadOnlySpan<byte> rule)
    {
        bool isAll = Ascii.EqualsIgnoreCase(rule, "allchannels"u8) || rule.SequenceEqual("&*"u8);
        if (isAll || Ascii.EqualsIgnoreCase(rule, "resetchannels"u8))
        {
            HasAll = isAll;
            _patterns.Clear();
            return RuleProblem.None;
        }
        return rule is [(byte)'&', .. var pattern] ? Add(pattern) : null;
    }

    /// <summary>Whether every channel that the request names may be used.</summary>
    public Denial Check(in AccessRequest request)
    {
        ChannelNaming naming = request.Needs.Channels;
        int end = naming switch
        {
            ChannelNaming.None => 0,
            ChannelNaming.First => Math.Min(2, request.Arguments.Length),
            _ => request.Arguments.Length,
        };
        for (int i = 1; i < end; i++)
        {
            if (!Admit(_patterns, request.Arguments[i].Bytes, naming == ChannelNaming.Patterns))
            {
                return new Denial(DenialReason.Channel, i);
            }
        }
        return Denial.Nothing;
    }

    /// <summary>The rules with blanks between them; nested ones stand within parentheses.</summary>
    public void AppendTo(IBufferWriter<byte> text, bool isNested)
    {
        if (HasAll)
        {
            text.Write("&*"u8);
        }
        for (int i = 0; i < _patterns.Count; i++)
        {
            text.Write(i > 0 ? " "u8 : default);
            RuleWords.Write(text, "&"u8, _patterns[i].Text, isNested);
        }
    }

    /// <summary>
    /// Whether one of the patterns admits a channel, or a pattern of channels. That is admitted by the same pattern alone: what patterns
    /// match cannot be compared.
    /// </summary>
    public static bool Admit(IReadOnlyList<Pattern> patterns, ReadOnlySpan<byte> name, bool isPattern)
    {
        foreach (Pattern pattern in patterns)
        {
            if (isPattern ? pattern.Text.AsSpan().SequenceEqual(name) : pattern.IsMatch(name))
            {
                return true;
            }
        }
        return false;
    }

    private RuleProblem Add(ReadOnlySpan<byte> pattern)
    {
        if (HasAll)
        {
            return RuleProblem.ChannelsAfterAll;
        }
        if (UserNames.HasBlank(pattern))
        {
            return RuleProblem.Syntax;
        }
        if (!Admit(_patterns, pattern, isPattern: true))
        {
            _patterns.Add(new Pattern(pattern.ToArray()));
        }
        return RuleProblem.None;
    }
}
