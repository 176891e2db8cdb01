using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Propagation;

/// <summary>
/// The requests that repeat what one command, or one transaction, changed: they stay together. One request stands for itself; several are
/// handed over with MULTI in front and EXEC behind, so that whoever repeats them repeats all or none.
/// <code>
///   buffer   | *3 $3 SET $1 k $1 v | *2 $3 DEL $1 x | ...
///   entries  | database 0, from 0  | database 3, ... |
/// </code>
/// A step larger than <see cref="SizeMax"/> is handed over in parts as it grows: MULTI has been written by then.
/// </summary>
internal sealed class Step(NativeBuffer buffer) : IDisposable
{
    /// <summary>Bytes of a step kept before its first part is handed over.</summary>
    private const int SizeMax = 1 << 20;

    private const int AnyDatabase = -1;

    private readonly List<Entry> _entries = [];
    private int _missing;
    private bool _isOpen;

    private static ReadOnlySpan<byte> Multi => "*1\r\n$5\r\nMULTI\r\n"u8;

    private static ReadOnlySpan<byte> Exec => "*1\r\n$4\r\nEXEC\r\n"u8;

    /// <summary>A request of so many arguments begins.</summary>
    public void Begin(int database, int argumentCount)
    {
        Debug.Assert(_missing == 0, "The request before is not whole.");
        Debug.Assert(argumentCount > 0);
        _entries.Add(new Entry(database, buffer.Length));
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

    /// <summary>Hands over what there is of a large step; the rest follows.</summary>
    public void HandOverPart(ReadOnlySpan<IPropagationSink> sinks)
    {
        if (buffer.Length > SizeMax && _entries.Count > 1)
        {
            Open(sinks);
            Deliver(sinks);
        }
    }

    /// <summary>The step is over: hands over what there is of it.</summary>
    public void HandOver(ReadOnlySpan<IPropagationSink> sinks)
    {
        if (_entries.Count == 0 && !_isOpen)
        {
            return;
        }
        if (_entries.Count > 1)
        {
            Open(sinks);
        }
        Deliver(sinks);
        if (_isOpen)
        {
            Append(sinks, AnyDatabase, Exec);
            _isOpen = false;
        }
    }

    public void Dispose() => buffer.Dispose();

    private static void Append(ReadOnlySpan<IPropagationSink> sinks, int database, ReadOnlySpan<byte> request)
    {
        foreach (IPropagationSink sink in sinks)
        {
            sink.Append(database, request);
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
        ReadOnlySpan<byte> written = buffer.Written(0);
        for (int i = 0; i < _entries.Count; i++)
        {
            int end = i + 1 < _entries.Count ? _entries[i + 1].Start : written.Length;
            Append(sinks, _entries[i].Database, written[_entries[i].Start..end]);
        }
        _entries.Clear();
        buffer.Truncate(0);
        buffer.Shrink(SizeMax);
    }

    private void WriteHeader(byte type, int count) =>
        buffer.Advance(RequestFormat.WriteHeader(buffer.Reserve(RequestFormat.HeaderSizeMax), type, count));

    /// <summary>A request of the step: its database, and where its bytes begin.</summary>
    private readonly record struct Entry(int Database, int Start);
}
