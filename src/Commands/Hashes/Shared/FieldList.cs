using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Hashes.Shared;

/// <summary>The end of many commands on fields: FIELDS, how many, and the fields, which are all the arguments that are left.</summary>
internal readonly struct FieldList
{
    private FieldList(int first, int count)
    {
        First = first;
        Count = count;
    }

    /// <summary>The argument with the first field; the others follow.</summary>
    public int First { get; }

    public int Count { get; }

    /// <param name="arguments">Stands where FIELDS must be.</param>
    /// <param name="countError">The error for a number of fields that is none.</param>
    public static FieldList Read(ref ArgumentReader arguments, ReadOnlySpan<byte> countError)
    {
        if (!arguments.Match("fields"u8))
        {
            arguments.Fail(ErrorText.FieldsMissing);
        }
        long count = arguments.Integer(1, long.MaxValue, countError);
        if (!arguments.HasFailed && count != arguments.Left)
        {
            arguments.Fail(ErrorText.FieldCountMismatch);
        }
        return new FieldList(arguments.Position, (int)count);
    }
}
