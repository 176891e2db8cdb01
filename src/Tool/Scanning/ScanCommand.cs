using Bixbite.Protocol;
using Bixbite.Tool.Connecting;
using Bixbite.Tool.Replies;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Scanning;

/// <summary>Looks at all keys, for <c>bixbite cli</c>: lists them, or finds the largest.</summary>
internal sealed class ScanCommand(ScanOptions options, ServerConnection connection, Terminal terminal)
{
    /// <summary>How long it rests after a hundred batches.</summary>
    public TimeSpan Pause { private get; init; }

    public void Run(IReplyFormat format, CancellationToken interruption)
    {
        KeyWalk walk = new(connection, options.Pattern, options.Count) { Pause = Pause };
        (string name, KeyMeasure measure) = options.Kind switch
        {
            ScanKind.Memory => ("Looking for keys that take much memory", KeyMeasure.Memory(options.SampleCount)),
            ScanKind.Uses => ("Looking for keys that are used often", KeyMeasure.Uses),
            _ => ("Looking for keys with many elements", KeyMeasure.Elements),
        };
        if (options.Kind == ScanKind.List)
        {
            List(walk, format, interruption);
            return;
        }
        new KeySurvey(connection, measure, new KeyTally(measure, options.Top)).Run(terminal, name, walk, interruption);
    }

    private void List(KeyWalk walk, IReplyFormat format, CancellationToken interruption)
    {
        foreach (byte[][] keys in walk.Batches(interruption))
        {
            TerminalWriter text = new(terminal);
            foreach (byte[] key in keys)
            {
                format.Write(new Reply { Kind = ReplyKind.Bulk, Bytes = key }, text);
            }
            text.Flush();
        }
    }
}
