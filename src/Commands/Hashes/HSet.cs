using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Storing fields: HSET, its older form HMSET, and HSETNX. A field that is overwritten no longer expires.</summary>
public sealed class HSet
{
    [Command(
        "hset", Group = "hash", Since = "2.0.0", Arity = -4,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        History = "4.0.0 Accepts multiple `field` and `value` arguments.",
        Complexity = "O(N) with N the number of fields",
        Summary = "Stores values in fields of a hash and returns how many fields are new.",
        Syntax = "key (data: field value) ...")]
    public void Run(CommandContext context)
    {
        if (TryStore(context, out int addedCount))
        {
            context.Reply.Integer(addedCount);
        }
    }

    [Command(
        "hmset", Group = "hash", Since = "2.0.0", Arity = -4,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        DeprecatedSince = "4.0.0", ReplacedBy = "`HSET` with multiple field-value pairs",
        Complexity = "O(N) with N the number of fields",
        Summary = "Stores values in fields of a hash.",
        Syntax = "key (data: field value) ...")]
    public void HMSet(CommandContext context)
    {
        if (TryStore(context, out _))
        {
            context.Reply.Ok();
        }
    }

    [Command(
        "hsetnx", Group = "hash", Since = "2.0.0", Arity = 4,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        Complexity = "O(1)",
        Summary = "Stores a value in a field of a hash that does not have the field.",
        Syntax = "key field value")]
    public void HSetNx(CommandContext context)
    {
        if (!HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        if (edit.Exists && edit.Open().Contains(context[2]))
        {
            context.Reply.Integer(0);
            return;
        }
        edit.Open().Set(context[2], context[3]);
        edit.Close("hset"u8, 1);
        context.Reply.Integer(1);
    }

    /// <summary>Prepares the hash for the pairs of field and value from this argument on.</summary>
    internal static void Expect(CommandContext context, in HashValue hash, int firstIndex)
    {
        int lengthMax = 0;
        long packedSize = 0;
        for (int i = firstIndex; i < context.Count; i++)
        {
            ReadOnlySpan<byte> text = context[i];
            lengthMax = Math.Max(lengthMax, text.Length);
            packedSize += Listpack.EntrySizeOf(text);
        }
        hash.Expect((context.Count - firstIndex) / 2, lengthMax, packedSize);
    }

    private static bool TryStore(CommandContext context, out int addedCount)
    {
        addedCount = 0;
        if (context.Count % 2 != 0)
        {
            ErrorText.WrongArity(context.Reply, context.Command.Name);
            return false;
        }
        if (!HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return false;
        }
        bool isNew = !edit.Exists;
        HashValue hash = edit.Open();
        if (isNew || context.Count > 4)
        {
            Expect(context, hash, firstIndex: 2);
        }
        for (int i = 2; i < context.Count; i += 2)
        {
            addedCount += hash.Set(context[i], context[i + 1]) ? 1 : 0;
        }
        edit.Close("hset"u8, (context.Count - 2) / 2);
        return true;
    }
}
