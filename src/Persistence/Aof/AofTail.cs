namespace Bixbite.Persistence.Aof;

/// <summary>
/// Tells a log that was torn from one that is damaged, by the bytes behind its last whole request. Torn is what a writer leaves that is
/// stopped at any moment: the beginning of one request, and perhaps zeros, since a file may have grown before its bytes were there.
/// <code>
///   ... | *3 $3 SET $3 key $100 val            torn: the beginning of a request
///   ... | *3 $3 SET $3 k 0 0 0 0 0 0 0         torn: as above, in a file that had grown already
///   ... | *3 $3 SET $3 key $999 val *2 $3 ...  damaged: what the length claims has requests in it, so the length is wrong
///   ... | *3 $3 SET @3 key $3 val              damaged: no beginning of a request
/// </code>
/// </summary>
internal ref struct AofTail
{
    private ReadOnlySpan<byte> _rest;

    private AofTail(ReadOnlySpan<byte> rest) => _rest = rest;

    private enum Part
    {
        Whole,
        Cut,
        Wrong,
    }

    /// <summary>True if the bytes, up to the end of the file, are what a stopped writer leaves.</summary>
    public static bool IsTorn(ReadOnlySpan<byte> tail)
    {
        ReadOnlySpan<byte> written = tail.TrimEnd((byte)0);
        if (written is [(byte)'#', ..])
        {
            return !written.Contains((byte)'\n');
        }
        var reader = new AofTail(written);
        return written.IsEmpty || reader.Request() == Part.Cut && !reader.HasRequestBehind();
    }

    private Part Request()
    {
        Part part = Number((byte)'*', out int count);
        for (int i = 0; i < count && part == Part.Whole; i++)
        {
            part = Number((byte)'$', out int size);
            if (part == Part.Whole)
            {
                part = Bulk(size);
            }
        }
        return part == Part.Whole && count == 0 ? Part.Wrong : part;
    }

    /// <summary>Reads a line of a type byte and a number without needless digits.</summary>
    private Part Number(byte type, out int number)
    {
        number = 0;
        if (_rest.IsEmpty)
        {
            return Part.Cut;
        }
        int end = 1;
        while (end < _rest.Length && _rest[end] is >= (byte)'0' and <= (byte)'9' && number < int.MaxValue / 10)
        {
            number = number * 10 + _rest[end++] - '0';
        }
        if (_rest[0] != type || (end > 2 && _rest[1] == '0'))
        {
            return Part.Wrong;
        }
        ReadOnlySpan<byte> behind = _rest[end..];
        if (behind.Length < 2)
        {
            return behind.IsEmpty || (behind[0] == '\r' && end > 1) ? Part.Cut : Part.Wrong;
        }
        _rest = behind[2..];
        return end > 1 && behind.StartsWith("\r\n"u8) ? Part.Whole : Part.Wrong;
    }

    private Part Bulk(int size)
    {
        if (_rest.Length < size + 2L)
        {
            return _rest.Length > size && _rest[size] != '\r' ? Part.Wrong : Part.Cut;
        }
        bool hasEnd = _rest.Slice(size, 2).SequenceEqual("\r\n"u8);
        _rest = _rest[(size + 2)..];
        return hasEnd ? Part.Whole : Part.Wrong;
    }

    /// <summary>Whether a whole request begins at any line of what is left.</summary>
    private readonly bool HasRequestBehind()
    {
        ReadOnlySpan<byte> rest = _rest;
        for (int i = rest.IndexOf("\n*"u8); i >= 0; i = rest.IndexOf("\n*"u8))
        {
            rest = rest[(i + 1)..];
            if (new AofTail(rest).Request() == Part.Whole)
            {
                return true;
            }
        }
        return false;
    }
}
