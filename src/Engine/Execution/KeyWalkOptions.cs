using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Engine.Execution;

/// <summary>The options of the commands that walk through the keys: MATCH, COUNT, TYPE, and for a cluster SLOT.</summary>
public ref struct KeyWalkOptions
{
    private const int DefaultCount = 10;
    private const int AnySlot = -1;

    /// <summary>Names match it.</summary>
    public ReadOnlySpan<byte> Pattern { get; private set; }

    /// <summary>Keys are of this type; of any, if there is none.</summary>
    public KeyType? Type { get; private set; }

    /// <summary>About how many keys a call looks at.</summary>
    public long Count { get; private set; }

    /// <summary>The slot that was named; -1 where none was.</summary>
    public int Slot { get; private set; }

    /// <summary>All keys, or those whose names match a pattern.</summary>
    public static KeyWalkOptions Of(ReadOnlySpan<byte> pattern) => new() { Pattern = pattern, Count = DefaultCount, Slot = AnySlot };

    /// <summary>Reads the arguments from this position on; on failure answers the error.</summary>
    public static bool TryRead(CommandContext context, int position, bool isOfCluster, out KeyWalkOptions options)
    {
        options = Of("*"u8);
        var arguments = new ArgumentReader(context, position);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("count"u8, valueCount: 1))
            {
                options.Count = arguments.Integer();
                if (!arguments.HasFailed && options.Count < 1)
                {
                    arguments.Fail(ErrorText.Syntax);
                }
            }
            else if (arguments.Match("match"u8, valueCount: 1))
            {
                options.Pattern = arguments.Next();
            }
            else if (arguments.Match("type"u8, valueCount: 1))
            {
                ReadOnlySpan<byte> name = arguments.Next();
                if (!context.Database.Types.TryParse(name, out KeyType type))
                {
                    ErrorText.UnknownTypeName(context.Reply, name);
                    return false;
                }
                options.Type = type;
            }
            else if (isOfCluster && arguments.Match("slot"u8, valueCount: 1))
            {
                bool isAgain = options.Slot != AnySlot;
                options.Slot = (int)arguments.Integer(0, HashSlot.Count - 1, ClusterErrorText.SlotOutOfRange);
                if (isAgain)
                {
                    arguments.Fail(ClusterErrorText.SlotOptionTwice);
                }
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    public readonly bool Matches(Record record)
    {
        if (Type is { } type && record.Type != type)
        {
            return false;
        }
        bool isAny = Pattern.Length == 1 && Pattern[0] == '*';
        return isAny || Glob.IsMatch(Pattern, record.Key);
    }

    /// <summary>Answers the names of these keys but for those that are due, which are removed where keys may go.</summary>
    public static void Answer(CommandContext context, List<Record> found)
    {
        int mark = context.Reply.BeginArray();
        int count = 0;
        foreach (Record record in found)
        {
            if (context.Keys.IsDue(context.Database, record))
            {
                KeyRef at = context.Database.Find(record.Key);
                context.Keys.TryExpire(context.Database, ref at);
            }
            else
            {
                context.Reply.Bulk(record.Key);
                count++;
            }
        }
        context.Reply.EndArray(mark, count);
    }
}
