using System.Globalization;
using System.Text;
using Bixbite.Configuration;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Debugging;

/// <summary>The tools of DEBUG that show how values are packed, which go to the log, and switches that only tests need.</summary>
internal sealed class DebugValues(ServerLog serverLog, PayloadChecks checks)
{
    private const int ShownEntriesMax = 1000;
    private const int ShownLengthMax = 40;

    public IEnumerable<DebugTool> Tools =>
    [
        new DebugTool("listpack", 3, 3, ShowListpack),
        new DebugTool("quicklist", 3, 4, ShowNodes),
        new DebugTool("set-skip-checksum-validation", 3, 3, SkipChecksums),
        new DebugTool("quicklist-packed-threshold", 3, 3, TakeThreshold),
        new DebugTool("dict-resizing", 3, 3, TakeSwitch),
    ];

    /// <summary>Elements of lists are packed however large they are, so there is no threshold to set; the value is only checked.</summary>
    private static void TakeThreshold(CommandContext context)
    {
        if (!Integers.TryParseMemory(context[2], out ulong size) || size > uint.MaxValue)
        {
            context.Reply.Error(ErrorText.PackedThreshold);
            return;
        }
        context.Reply.Ok();
    }

    /// <summary>Indexes grow a segment at a time, which nothing can switch off.</summary>
    private static void TakeSwitch(CommandContext context) => context.Reply.Ok();

    private void SkipChecksums(CommandContext context)
    {
        checks.IsChecksumSkipped = !context[2].SequenceEqual("0"u8);
        context.Reply.Ok();
    }

    private void ShowListpack(CommandContext context)
    {
        KeyRef at = context.Database.Find(context[2]);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return;
        }
        if (at.Record.Type == KeyType.String || at.Record.Layout is not (ValueLayout.Listpack or ValueLayout.ListpackWithDeadlines))
        {
            context.Reply.Error(ErrorText.NotAListpack);
            return;
        }
        serverLog.WriteRaw(Describe(Listpack.Pack(context.Database.Open(at).Packed)));
        context.Reply.Simple("Listpack structure printed on stdout"u8);
    }

    private void ShowNodes(CommandContext context)
    {
        KeyRef at = context.Database.Find(context[2]);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return;
        }
        if (at.Record.Type != KeyType.List || at.Record.Layout != ValueLayout.Root)
        {
            context.Reply.Error(ErrorText.NotAQuicklist);
            return;
        }
        ListNodeReader nodes = new ListValue(context.Database.Open(at)).Nodes();
        while (nodes.MoveNext())
        {
            serverLog.WriteRaw(Describe(nodes.Current));
        }
        context.Reply.Simple("Quicklist structure printed on stdout"u8);
    }

    /// <summary>A line for the listpack, and one for each of its first entries: index, offset, size, what it is.</summary>
    private static string Describe(ReadOnlySpan<byte> pack)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"listpack: {pack.Length} bytes, {Listpack.Count(pack)} entries\n");
        int offset = Listpack.First(pack);
        for (int i = 0; offset != 0 && i < ShownEntriesMax; i++)
        {
            ListpackEntry entry = Listpack.At(pack, offset);
            text.Append(CultureInfo.InvariantCulture, $"  {i}: at {offset}, {Listpack.EntrySizeAt(pack, offset)} bytes, ");
            if (entry.IsInteger)
            {
                text.Append(CultureInfo.InvariantCulture, $"integer {entry.Integer}\n");
            }
            else
            {
                ReadOnlySpan<byte> shown = entry.Bytes[..Math.Min(entry.Length, ShownLengthMax)];
                text.Append(CultureInfo.InvariantCulture, $"text of {entry.Length}: {ByteText.Decode(shown)}\n");
            }
            offset = Listpack.Next(pack, offset);
        }
        return text.ToString();
    }
}
