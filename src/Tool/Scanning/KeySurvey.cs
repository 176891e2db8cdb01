using System.Text;
using Bixbite.Protocol;
using Bixbite.Tool.Connecting;
using Bixbite.Tool.Terminals;

namespace Bixbite.Tool.Scanning;

/// <summary>Walks over all keys and measures each, in few round trips, and shows how far it is and what it found.</summary>
internal sealed class KeySurvey(ServerConnection connection, KeyMeasure measure, KeyTally tally)
{
    /// <summary>Ends at the end of the walk, or when it is interrupted; what was found until then is printed.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="name">What is looked for.</param>
    /// <param name="walk">The keys.</param>
    /// <param name="interruption">Ends it.</param>
    public void Run(Terminal terminal, string name, KeyWalk walk, CancellationToken interruption)
    {
        Reply size = connection.Ask(interruption, "DBSIZE"u8.ToArray());
        bool isInterrupted = false;
        ProgressView.Run(terminal, name, size.Kind == ReplyKind.Integer ? size.Integer : 0, report =>
        {
            try
            {
                foreach (byte[][] keys in walk.Batches(interruption))
                {
                    Measure(keys, interruption);
                    report(tally.KeyCount);
                }
            }
            catch (OperationCanceledException)
            {
                isInterrupted = true;
            }
        });
        terminal.Write(tally.Summary() + (isInterrupted ? "\nInterrupted: more keys were not looked at.\n" : ""));
    }

    private void Measure(byte[][] keys, CancellationToken interruption)
    {
        Reply[] types = connection.AskAll([.. keys.Select(key => new[] { "TYPE"u8.ToArray(), key })], interruption);
        List<(byte[] Key, string Type)> measured = [];
        List<byte[][]> requests = [];
        for (int i = 0; i < keys.Length; i++)
        {
            string type = types[i].Text;
            if (types[i].Kind != ReplyKind.Simple || type is "none" || type.Length > 64)
            {
                continue;
            }
            if (measure.Request(type, keys[i]) is { } request)
            {
                measured.Add((keys[i], type));
                requests.Add(request);
            }
            else
            {
                tally.Add(type, keys[i], size: null);
            }
        }
        Reply[] sizes = connection.AskAll(requests, interruption);
        for (int i = 0; i < sizes.Length; i++)
        {
            // A key that is gone in the meantime, or of another type now, has none.
            if (sizes[i].Kind == ReplyKind.Integer)
            {
                tally.Add(measured[i].Type, measured[i].Key, sizes[i].Integer);
            }
            else if (sizes[i].IsError && !sizes[i].Bytes.AsSpan().StartsWith("WRONGTYPE"u8) && !IsGone(sizes[i]))
            {
                string command = string.Join(' ', requests[i].TakeWhile(word => word != measured[i].Key).Select(Encoding.ASCII.GetString));
                throw new ToolException($"The server refuses {command}: {sizes[i].Text}");
            }
        }
    }

    private static bool IsGone(Reply reply) => reply.Bytes.AsSpan().StartsWith("ERR no such key"u8);
}
