using System.Runtime.InteropServices;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets.Shared;

/// <summary>The sets that a command combines. Kept by the command's class, so that nothing is allocated for each command.</summary>
internal sealed class SetSources
{
    private readonly List<StoredSet> _sets = [];

    /// <summary>Those that exist, in the command's order until someone sorts them.</summary>
    public Span<StoredSet> Sets => CollectionsMarshal.AsSpan(_sets);

    /// <summary>Whether some key does not exist: an empty set.</summary>
    public bool IsAnyMissing { get; private set; }

    /// <summary>Whether the first key exists.</summary>
    public bool HasFirst { get; private set; }

    /// <summary>Reads the keys at these arguments; answers WRONGTYPE and returns false if one of them holds something else.</summary>
    public bool TryRead(CommandContext context, int firstIndex, int keyCount)
    {
        _sets.Clear();
        IsAnyMissing = false;
        for (int i = firstIndex; i < firstIndex + keyCount; i++)
        {
            KeyRef at = context.KeyToRead(i);
            if (context.IsWrongType(at, KeyType.Set))
            {
                return false;
            }
            if (at.Exists)
            {
                _sets.Add(new SetValue(context.Database.Open(at)).Stored);
            }
            IsAnyMissing |= !at.Exists;
            if (i == firstIndex)
            {
                HasFirst = at.Exists;
            }
        }
        return true;
    }

    /// <summary>
    /// Reads the count of keys, the keys and a LIMIT behind them, 0 where there is none; otherwise answers what is wrong and returns false.
    /// </summary>
    public bool TryReadCounted(CommandContext context, out long limit)
    {
        limit = 0;
        if (!TryReadKeyCount(context, out int keyCount))
        {
            return false;
        }
        var arguments = new ArgumentReader(context, 2 + keyCount);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("limit"u8, valueCount: 1))
            {
                limit = arguments.Integer(0, long.MaxValue, ErrorText.LimitNegative);
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure() && TryRead(context, firstIndex: 2, keyCount);
    }

    /// <summary>Reads the count of keys that is the first argument, without the keys; otherwise answers what is wrong.</summary>
    public static bool TryReadKeyCount(CommandContext context, out int keyCount)
    {
        keyCount = 0;
        if (!Integers.TryParse(context[1], out long count) || count < 1)
        {
            context.Reply.Error(ErrorText.NumKeysTooSmall);
            return false;
        }
        if (count > context.Count - 2)
        {
            context.Reply.Error(ErrorText.TooFewKeys);
            return false;
        }
        keyCount = (int)count;
        return true;
    }
}
