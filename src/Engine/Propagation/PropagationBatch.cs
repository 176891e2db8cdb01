using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Propagation;

/// <summary>
/// The requests that repeat what one command, or one transaction, changed: they stay together. One request stands for itself; several are
/// handed over with MULTI in front and EXEC behind, so that whoever repeats them repeats all or none.
/// <code>
///   buffer   | *3 $3 SET $1 k $1 v | *2 $3 DEL $1 x | *3 $3 SET $1 y $9999999 \r\n | ...
///   entries  | database 0, from 0  | database 3, ... | database 3, ...             |
///   large                                                                    ^ an argument that lies elsewhere
/// </code>
/// A batch larger than <see cref="SizeMax"/>, or with large arguments, which stay only as long as their command runs, is handed over in
/// parts as it grows: MULTI has been written by then.
/// </summary>
internal sealed class PropagationBatch(NativeBuffer buffer) : IDisposable
{
    /// <summary>Bytes of a batch kept before its first part is handed over.</summary>
    private const int SizeMax = 1 << 20;

    /// <summary>Shorter arguments are copied.</summary>
    private const int LargeSizeMin = 16 * 1024;

    private const int AnyDatabase = -1;

    private readonly List<Entry> _entries = [];
    private readonly List<LargeArgument> _large = [];
    private int _missing;
    private bool _isOpen;

    private static ReadOnlySpan<byte> Multi => "*1\r\n$5\r\nMULTI\r\n"u8;

    private static ReadOnlySpan<byte> Exec => "*1\r\n$4\r\nEXEC\r\n"u8;

    /// <summary>Nothing waits to be handed over, and nothing is handed over in part.</summary>
    public bool IsEmpty => _entries.Count == 0 && !_isOpen;

    /// <summary>A request of so many arguments begins.</summary>
    public void Begin(int database, PropagationTargets targets, int argumentCount)
    {
        Debug.Assert(_missing == 0, "The request before is not whole.");
        Debug.Assert(argumentCount > 0);
        _entries.Add(new Entry(database, buffer.Length, targets));
        _missing = argumentCount;
        WriteHeader((byte)'*', argumentCount);
    }

    /// <summary>Its next argument.</summary>
    public void Add(ReadOnlySpan<byte> argument)
    {
        Debug.Assert(_missing > 0, "More arguments than were announced.");
        WriteHeader((byte)'$', argument.Length);
        Span<byte> room = buffer.Reserve(argument.Length + 2);
        argument.CopyTo(room);
        buffer.Advance(argument.Length + RequestFormat.WriteLineEnd(room[argument.Length..]));
        _missing--;
    }

    /// <summary>The next argument, which stays where it is until its command is over.</summary>
    public void Add(in Argument argument)
    {
        if (argument.Length < LargeSizeMin)
        {
            Add(argument.Bytes);
            return;
        }
        Debug.Assert(_missing > 0, "More arguments than were announced.");
        WriteHeader((byte)'$', argument.Length);
        _large.Add(new LargeArgument(buffer.Length, argument));
        buffer.Advance(RequestFormat.WriteLineEnd(buffer.Reserve(RequestFormat.HeaderSizeMax)));
        _missing--;
    }

    /// <summary>
    /// A command of the batch is over: hands over what there is of a large batch; the rest follows. False if that is nothing.
    /// </summary>
    public bool TryHandOverPart(ReadOnlySpan<IPropagationSink> sinks)
    {
        if (_large.Count == 0 && (buffer.Length <= SizeMax || _entries.Count <= 1))
        {
            return false;
        }
        Open(sinks);
        Deliver(sinks);
        return true;
    }

    /// <summary>The batch is over: hands over what there is of it; false if it is empty.</summary>
    /// <param name="sinks">Who gets it.</param>
    /// <param name="staysTogether">Its requests are one change; otherwise they have nothing to do with each other.</param>
    public bool TryHandOver(ReadOnlySpan<IPropagationSink> sinks, bool staysTogether)
    {
        if (_entries.Count == 0 && !_isOpen)
        {
            return false;
        }
        if (_entries.Count > 1 && staysTogether)
        {
            Open(sinks);
        }
        Deliver(sinks);
        if (_isOpen)
        {
            Append(sinks, AnyDatabase, Exec);
            _isOpen = false;
        }
        return true;
    }

    public void Dispose() => buffer.Dispose();

    private static void Append(ReadOnlySpan<IPropagationSink> sinks, int database, ReadOnlySpan<byte> request)
    {
        foreach (IPropagationSink sink in sinks)
        {
            sink.Append(database, request, PropagationTargets.All);
        }
    }

    private void Open(ReadOnlySpan<IPropagationSink> sinks)
    {
        if (!_isOpen)
        {
            Append(sinks, _entries[0].Database, Multi);
            _isOpen = true;
        }
    }

    private void Deliver(ReadOnlySpan<IPropagationSink> sinks)
    {
        Debug.Assert(_missing == 0, "Fewer arguments than were announced.");
        int next = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            int end = i + 1 < _entries.Count ? _entries[i + 1].Start : buffer.Length;
            foreach (IPropagationSink sink in sinks)
            {
                if ((sink.Targets & _entries[i].Targets) != PropagationTargets.None)
                {
                    Deliver(sink, _entries[i], end, next);
                }
            }
            while (next < _large.Count && _large[next].Position < end)
            {
                next++;
            }
        }
        _entries.Clear();
        _large.Clear();
        buffer.Truncate(0);
        buffer.Shrink(SizeMax);
    }

    /// <summary>One request, which ends at a position of the buffer; this large argument is the first that can be one of its.</summary>
    private void Deliver(IPropagationSink sink, Entry entry, int end, int nextLarge)
    {
        ReadOnlySpan<byte> written = buffer.Written(0);
        bool isLarge = nextLarge < _large.Count && _large[nextLarge].Position < end;
        int start = isLarge ? _large[nextLarge].Position : end;
        sink.Append(entry.Database, written[entry.Start..start], entry.Targets);
        for (; start < end; nextLarge++)
        {
            sink.Continue(_large[nextLarge].Argument.Bytes);
            int stop = nextLarge + 1 < _large.Count ? Math.Min(_large[nextLarge + 1].Position, end) : end;
            sink.Continue(written[start..stop]);
            start = stop;
        }
    }

    private void WriteHeader(byte type, int count) =>
        buffer.Advance(RequestFormat.WriteHeader(buffer.Reserve(RequestFormat.HeaderSizeMax), type, count));

    /// <summary>A request of the batch: its database, where its bytes begin, and who gets it.</summary>
    private readonly record struct Entry(int Database, int Start, PropagationTargets Targets);

    /// <summary>An argument that belongs at a position of the buffer.</summary>
    private readonly record struct LargeArgument(int Position, Argument Argument);
}
