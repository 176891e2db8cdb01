using System.Globalization;
using System.Text;
using Bixbite.Memory;
using Bixbite.Net;

namespace Bixbite.Unit.Net;

/// <summary>
/// A handler for tests: answers every line with itself, except for these:
/// "big N" is answered with N times 'x', "take N" is followed by N bytes and answered with their count and sum, "quit" closes after
/// "bye", "abort" aborts, "pause" pauses. Checks on the way that the loop keeps its contract.
/// </summary>
internal sealed class LineHandler : IConnectionHandler, ILoopUser
{
    private readonly List<(Connection Connection, ulong Address, int Length)> _batch = [];

    internal HashSet<Connection> Open { get; } = [];

    internal int OpenedCount;
    internal int ClosedCount;
    internal int TickCount;
    internal int ExecuteCount;
    internal int LineCount;
    internal int LargestBatch;
    internal int LargestPiece;

    /// <summary>How many lines of one connection are answered per round; the rest is asked for again.</summary>
    internal int LinesPerRound { get; set; } = int.MaxValue;

    internal Action<Connection>? OnOpened { get; set; }

    internal Func<int> OnTick { get; set; } = () => 100;

    internal List<string> Mistakes { get; } = [];

    public void Opened(Connection connection)
    {
        Interlocked.Increment(ref OpenedCount);
        Check(Open.Add(connection), "opened twice");
        OnOpened?.Invoke(connection);
    }

    public void Received(Connection connection, ulong address, int length)
    {
        Check(Open.Contains(connection), "received while not open");
        Check(length > 0, "received nothing");
        LargestPiece = Math.Max(LargestPiece, length);
        Check(_batch.TrueForAll(entry => entry.Connection != connection), "received twice in a batch");
        _batch.Add((connection, address, length));
    }

    public void Execute()
    {
        Check(_batch.Count > 0, "executed nothing");
        ExecuteCount++;
        LargestBatch = Math.Max(LargestBatch, _batch.Count);
        foreach ((Connection connection, ulong address, int length) in _batch)
        {
            Execute(connection, address, length);
        }
        _batch.Clear();
    }

    public void Closed(Connection connection)
    {
        Check(Open.Remove(connection), "closed while not open");
        Interlocked.Increment(ref ClosedCount);
    }

    public int Tick()
    {
        TickCount++;
        return OnTick();
    }

    private void Execute(Connection connection, ulong address, int length)
    {
        if (connection.IsClosing)
        {
            connection.Consume(length, false);
            return;
        }
        int start = connection.Loop.Output.Length;
        int consumed = 0;
        int lines = 0;
        bool again = false;
        while (!connection.IsClosing)
        {
            ReadOnlySpan<byte> rest = Native.Bytes(address + (ulong)consumed, length - consumed);
            int end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }
            if (lines == LinesPerRound)
            {
                again = true;
                break;
            }
            int used = Answer(connection, rest[..end], rest[(end + 1)..]);
            if (used < 0)
            {
                break;
            }
            consumed += end + 1 + used;
            lines++;
            LineCount++;
            if (rest[..end].SequenceEqual("pause"u8))
            {
                break;
            }
        }
        connection.Consume(consumed, again);
        connection.EndReplies(start);
    }

    /// <returns>How many bytes after the line belonged to it, or -1 when they have not come yet.</returns>
    private static int Answer(Connection connection, ReadOnlySpan<byte> line, ReadOnlySpan<byte> following)
    {
        NativeBuffer output = connection.Loop.Output;
        if (line.StartsWith("big "u8))
        {
            int size = int.Parse(line[4..], CultureInfo.InvariantCulture);
            output.Reserve(size)[..size].Fill((byte)'x');
            output.Advance(size);
            return 0;
        }
        if (line.StartsWith("take "u8))
        {
            int size = int.Parse(line[5..], CultureInfo.InvariantCulture);
            if (following.Length < size)
            {
                connection.Expect(line.Length + 1 + size);
                return -1;
            }
            long sum = 0;
            foreach (byte value in following[..size])
            {
                sum += value;
            }
            Append(output, Encoding.ASCII.GetBytes($"{size} {sum}\n"));
            return size;
        }
        if (line.SequenceEqual("abort"u8))
        {
            connection.Abort();
        }
        if (line.SequenceEqual("pause"u8))
        {
            connection.PauseReading();
        }
        if (line.SequenceEqual("quit"u8))
        {
            connection.CloseAfterFlush();
        }
        Append(output, line.SequenceEqual("quit"u8) ? "bye"u8 : line);
        Append(output, "\n"u8);
        return 0;
    }

    private static void Append(NativeBuffer output, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.Reserve(bytes.Length));
        output.Advance(bytes.Length);
    }

    private void Check(bool holds, string mistake)
    {
        if (holds)
        {
            return;
        }
        lock (Mistakes)
        {
            Mistakes.Add(mistake);
        }
    }
}
