using System.Buffers;
using System.Text;
using Bixbite.Structures.Text;
using Ascii = Bixbite.Structures.Text.Ascii;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// The databases that a selector may be used in: <c>db=0,3</c>, <c>resetdbs</c>, <c>alldbs</c>. All at first. Belongs to its selector.
/// </summary>
internal sealed class DatabaseRights
{
    private SortedSet<int>? _numbers;

    public bool HasAll => _numbers is null;

    public DatabaseRights Clone() => new() { _numbers = _numbers is { } numbers ? [.. numbers] : null };

    /// <summary>Applies a rule; null where it is about something else.</summary>
    public RuleProblem? Apply(ReadOnlySpan<byte> rule)
    {
        bool isAll = Ascii.EqualsIgnoreCase(rule, "alldbs"u8);
        if (isAll || Ascii.EqualsIgnoreCase(rule, "resetdbs"u8))
        {
            _numbers = isAll ? null : [];
            return RuleProblem.None;
        }
        return rule.StartsWith("db="u8) ? Set(rule[3..]) : null;
    }

    /// <summary>Whether the request uses these databases alone.</summary>
    public Denial Check(in AccessRequest request)
    {
        CommandNeeds needs = request.Needs;
        bool isOutside = needs.NeedsAllDatabases || (needs.UsesDatabase && request.Database >= 0 && !Has(request.Database));
        if (isOutside)
        {
            return new Denial(DenialReason.Database, 0);
        }
        for (int i = 1; i < request.Arguments.Length && (needs.FollowsDatabaseWord || needs.DatabaseIndices.Length > 0); i++)
        {
            if (needs.IsDatabase(request.Arguments, i)
                && Integers.TryParse(request.Arguments[i].Bytes, out long number)
                && number is >= 0 and <= int.MaxValue
                && !Has((int)number))
            {
                return new Denial(DenialReason.Database, i);
            }
        }
        return Denial.Nothing;
    }

    /// <summary>The rule that says so.</summary>
    public void AppendTo(IBufferWriter<byte> text)
    {
        string word = _numbers switch
        {
            null => "alldbs",
            { Count: 0 } => "resetdbs",
            _ => "db=" + string.Join(',', _numbers),
        };
        text.Write(Encoding.ASCII.GetBytes(word));
    }

    private bool Has(int number) => _numbers is null || _numbers.Contains(number);

    /// <summary>These and no others.</summary>
    private RuleProblem Set(ReadOnlySpan<byte> list)
    {
        SortedSet<int> numbers = [];
        foreach (Range range in list.Split((byte)','))
        {
            if (!Integers.TryParse(list[range], out long number))
            {
                return RuleProblem.Syntax;
            }
            if (number is < 0 or > int.MaxValue)
            {
                return RuleProblem.DatabaseOutOfRange;
            }
            numbers.Add((int)number);
        }
        _numbers = numbers;
        return RuleProblem.None;
    }
}
