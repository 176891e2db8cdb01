using System.Text;
using Bixbite.Protocol;
using Bixbite.Tool.Connecting;

namespace Bixbite.Tool.Scanning;

/// <summary>
/// All keys of a database by SCAN, batch by batch: while it goes on, others change them, so a key may come twice or be gone.
/// </summary>
/// <param name="connection">Where they are.</param>
/// <param name="pattern">Which of them; empty for all.</param>
/// <param name="count">About how many at once.</param>
internal sealed class KeyWalk(ServerConnection connection, string pattern, int count)
{
    private const int BatchesPerPause = 100;

    /// <summary>How long it rests after a hundred batches.</summary>
    public TimeSpan Pause { private get; init; }

    public IEnumerable<byte[][]> Batches(CancellationToken cancellation)
    {
        byte[] cursor = "0"u8.ToArray();
        int batchCount = 0;
        do
        {
            Reply reply = connection.Ask(cancellation, Request(cursor));
            if (reply.IsError)
            {
                throw new ToolException($"The server refuses SCAN: {reply.Text}");
            }
            if (reply.Items is not [{ Kind: ReplyKind.Bulk } next, { Kind: ReplyKind.Array } keys] || next.Bytes.Length is 0 or > 20)
            {
                throw new ToolException("The server's reply to SCAN is none: is it a Redis server?");
            }
            cursor = next.Bytes;
            yield return [.. keys.Items.Where(key => key.Kind == ReplyKind.Bulk).Select(key => key.Bytes)];
            if (Pause > TimeSpan.Zero && ++batchCount % BatchesPerPause == 0)
            {
                cancellation.WaitHandle.WaitOne(Pause);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        while (cursor is not [(byte)'0']);
    }

    private byte[][] Request(byte[] cursor)
    {
        byte[][] words = ["SCAN"u8.ToArray(), cursor, "COUNT"u8.ToArray(), Encoding.ASCII.GetBytes($"{count}")];
        return pattern.Length == 0 ? words : [.. words, "MATCH"u8.ToArray(), Encoding.UTF8.GetBytes(pattern)];
    }
}
