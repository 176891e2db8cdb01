using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Bits;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Bitmaps;

/// <summary>Combining strings bit by bit: BITOP with AND, OR, XOR, NOT, DIFF, DIFF1, ANDOR and ONE.</summary>
public sealed class BitOp
{
    /// <summary>Longer arrays are not kept for the next command.</summary>
    private const int KeptSourcesMax = 256;

    private Record[] _records = [];
    private byte[] _scratch = [];

    [Command(
        "bitop", Group = "bitmap", Since = "2.6.0", Arity = -4,
        Flags = "write denyoom", Keys = "ow update; 2 | ro access; 3..-1",
        Complexity = "O(N) with N the length of the longest string",
        Summary = "Combines strings bit by bit and stores the result.",
        Syntax = "(operation: AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE) destkey:key key ...")]
    public void Run(CommandContext context)
    {
        if (!TryReadOperation(context, out BitOperation operation))
        {
            return;
        }
        if (TryReadSources(context, out Sources sources) && context.HasRoomFor(sources.LongestSize))
        {
            int size = sources.LongestSize;
            Store(context, operation, sources, size);
            context.Reply.Integer(size);
        }
        if (_records.Length > KeptSourcesMax)
        {
            _records = [];
            _scratch = [];
        }
    }

    /// <summary>The result is made before the target is touched, which may be a source.</summary>
    private static void Store(CommandContext context, BitOperation operation, Sources sources, int size)
    {
        ReadOnlySpan<byte> key = context[2];
        if (size > StringForm.InlineSizeMax)
        {
            TextDraft draft = context.Database.DraftText(size);
            int done = 0;
            while (done < size)
            {
                Span<byte> piece = draft.Piece(done);
                BitCombine.Combine(operation, sources, piece, done);
                done += piece.Length;
            }
            KeyRef target = context.KeyToWrite(2);
            context.Database.PutText(ref target, key, draft, Deadline.None);
            context.Changed(key, KeyEventClass.String, "set"u8);
            return;
        }
        Span<byte> result = stackalloc byte[size];
        BitCombine.Combine(operation, sources, result);
        KeyRef at = context.KeyToWrite(2);
        if (size > 0)
        {
            context.Database.Put(ref at, key, StringForm.OfRaw(result), Deadline.None);
            context.Changed(key, KeyEventClass.String, "set"u8);
        }
        else if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(key, KeyEventClass.Generic, "del"u8);
        }
    }

    private static bool TryReadOperation(CommandContext context, out BitOperation operation)
    {
        ReadOnlySpan<byte> name = context[1];
        for (operation = BitOperation.And; operation <= BitOperation.One; operation++)
        {
            if (Ascii.EqualsIgnoreCase(name, NameOf(operation)))
            {
                return HasRightKeyCount(context, operation);
            }
        }
        context.Reply.Error(ErrorText.Syntax);
        return false;
    }

    private static bool HasRightKeyCount(CommandContext context, BitOperation operation)
    {
        int keyCount = context.Count - 3;
        if (operation == BitOperation.Not && keyCount != 1)
        {
            context.Reply.Error(ErrorText.BitOpNot);
            return false;
        }
        if (operation is BitOperation.Diff or BitOperation.Diff1 or BitOperation.AndOr && keyCount < 2)
        {
            ErrorText.BitOpTooFewKeys(context.Reply, NameOf(operation));
            return false;
        }
        return true;
    }

    private static ReadOnlySpan<byte> NameOf(BitOperation operation) => operation switch
    {
        BitOperation.And => "AND"u8,
        BitOperation.Or => "OR"u8,
        BitOperation.Xor => "XOR"u8,
        BitOperation.Not => "NOT"u8,
        BitOperation.Diff => "DIFF"u8,
        BitOperation.Diff1 => "DIFF1"u8,
        BitOperation.AndOr => "ANDOR"u8,
        _ => "ONE"u8,
    };

    private bool TryReadSources(CommandContext context, out Sources sources)
    {
        int count = context.Count - 3;
        if (_records.Length < count)
        {
            _records = new Record[count];
            _scratch = new byte[count * Integers.SizeMax];
        }
        sources = new Sources(_records.AsSpan(0, count), _scratch);
        for (int i = 0; i < sources.Count; i++)
        {
            KeyRef at = context.KeyToRead(i + 3);
            if (context.IsWrongType(at, KeyType.String))
            {
                return false;
            }
            sources.Records[i] = at.Record;
        }
        return true;
    }

    /// <summary>The source strings where they are; integers are written out, each into its own piece of the scratch.</summary>
    private readonly ref struct Sources(Span<Record> records, Span<byte> scratch) : IBitSources
    {
        private readonly Span<byte> _scratch = scratch;

        public Span<Record> Records { get; } = records;

        public int Count => Records.Length;

        public int LongestSize
        {
            get
            {
                int longest = 0;
                for (int i = 0; i < Count; i++)
                {
                    longest = Math.Max(longest, this[i].Length);
                }
                return longest;
            }
        }

        public ReadOnlySpan<byte> this[int index] =>
            Records[index].IsNone ? default : Records[index].Text(_scratch.Slice(index * Integers.SizeMax, Integers.SizeMax));
    }
}
