using Bixbite.Memory;

namespace Bixbite.Protocol;

/// <summary>
/// Composes one error reply from fixed text and arguments, straight into the reply buffer. As in Redis: an argument ends at its first
/// NUL and at its allowed length, and no line break survives, so that a client's bytes can never break the protocol.
/// </summary>
public readonly ref struct ErrorLine
{
    private readonly ReplyWriter _reply;
    private readonly int _start;
    private readonly int _mark;

    public ErrorLine(ReplyWriter reply)
    {
        _reply = reply;
        _mark = reply.BeginWhole();
        _start = reply.Buffer.Length;
        reply.Raw("-"u8);
    }

    public ErrorLine Text(scoped ReadOnlySpan<byte> text)
    {
        _reply.Raw(text);
        return this;
    }

    public ErrorLine Argument(scoped ReadOnlySpan<byte> argument, int lengthMax = int.MaxValue)
    {
        _reply.Raw(Printed(argument, lengthMax));
        return this;
    }

    public ErrorLine Integer(long value)
    {
        Span<byte> digits = stackalloc byte[24];
        _reply.Raw(digits[..Structures.Text.Integers.Format(value, digits)]);
        return this;
    }

    /// <summary>Ends the reply; the line is void without it.</summary>
    public void End()
    {
        NativeBuffer buffer = _reply.Buffer;
        Span<byte> line = Native.Bytes(buffer.Address + (ulong)_start, buffer.Length - _start);
        line = line[..(line.LastIndexOfAnyExcept((byte)'\r', (byte)'\n') + 1)];
        line.ReplaceAny(s_lineBreaks, (byte)' ');
        buffer.Truncate(_start + line.Length);
        _reply.NoteError(line[1..]);
        _reply.Raw("\r\n"u8);
        _reply.EndWhole(_mark);
    }

    /// <summary>The part of an argument that is shown.</summary>
    internal static ReadOnlySpan<byte> Printed(ReadOnlySpan<byte> argument, int lengthMax)
    {
        if (argument.Length > lengthMax)
        {
            argument = argument[..lengthMax];
        }
        int end = argument.IndexOf((byte)0);
        return end < 0 ? argument : argument[..end];
    }

    private static readonly System.Buffers.SearchValues<byte> s_lineBreaks = System.Buffers.SearchValues.Create("\r\n"u8);
}
