using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Strings.Shared;

/// <summary>NX, XX, IFEQ, IFNE, IFDEQ and IFDNE: when a command may go on. At most one may be given.</summary>
internal ref struct Condition
{
    private ReadOnlySpan<byte> _operand;

    public ConditionKind Kind { get; private set; }

    public readonly bool IsComparison => Kind >= ConditionKind.Equal;

    /// <summary>The condition IFEQ with this operand.</summary>
    public static Condition EqualTo(ReadOnlySpan<byte> value) => new() { Kind = ConditionKind.Equal, _operand = value };

    /// <summary>Takes NX or XX, if it comes next.</summary>
    public bool TryReadExistence(ref ArgumentReader arguments)
    {
        if ((Kind is ConditionKind.None or ConditionKind.Missing) && arguments.Match("nx"u8))
        {
            Kind = ConditionKind.Missing;
            return true;
        }
        if ((Kind is ConditionKind.None or ConditionKind.Existing) && arguments.Match("xx"u8))
        {
            Kind = ConditionKind.Existing;
            return true;
        }
        return false;
    }

    /// <summary>Takes one of the comparisons with its operand, if it comes next.</summary>
    public bool TryReadComparison(ref ArgumentReader arguments)
    {
        if (Kind != ConditionKind.None)
        {
            return false;
        }
        if (arguments.Match("ifeq"u8, valueCount: 1))
        {
            Kind = ConditionKind.Equal;
        }
        else if (arguments.Match("ifne"u8, valueCount: 1))
        {
            Kind = ConditionKind.NotEqual;
        }
        else if (arguments.Match("ifdeq"u8, valueCount: 1))
        {
            Kind = ConditionKind.DigestEqual;
        }
        else if (arguments.Match("ifdne"u8, valueCount: 1))
        {
            Kind = ConditionKind.DigestNotEqual;
        }
        else
        {
            return false;
        }
        _operand = arguments.Next();
        return true;
    }

    /// <summary>
    /// Whether the condition holds for the key; a key that is compared must be a string. Answers the error for a digest that cannot be one,
    /// which as in Redis is noticed only when there is something to compare it with.
    /// </summary>
    public readonly bool TryDecide(CommandContext context, in KeyRef at, out bool holds)
    {
        if (at.Exists && Kind >= ConditionKind.DigestEqual && _operand.Length != TextDigest.TextSize)
        {
            holds = false;
            context.Reply.Error(ErrorText.BadDigest);
            return false;
        }
        holds = HoldsFor(at);
        return true;
    }

    private readonly bool HoldsFor(in KeyRef at) => Kind switch
    {
        ConditionKind.None => true,
        ConditionKind.Missing => !at.Exists,
        ConditionKind.Existing => at.Exists,
        ConditionKind.Equal => at.Exists && IsEqual(at.Record),
        ConditionKind.NotEqual => !at.Exists || !IsEqual(at.Record),
        ConditionKind.DigestEqual => at.Exists && IsDigestEqual(at.Record),
        _ => !at.Exists || !IsDigestEqual(at.Record),
    };

    private readonly bool IsEqual(Record record)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        return record.Text(scratch).SequenceEqual(_operand);
    }

    private readonly bool IsDigestEqual(Record record)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        return TextDigest.Matches(TextDigest.Of(record.Text(scratch)), _operand);
    }
}

internal enum ConditionKind : byte
{
    None,
    Missing,
    Existing,
    Equal,
    NotEqual,
    DigestEqual,
    DigestNotEqual,
}
