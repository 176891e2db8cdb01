namespace Bixbite.Net.Channels;

/// <summary>
/// Counts the records in the bytes of a TLS peer, which can be seen from outside:
/// <code>
///   record   | type | version | length | encrypted ...... |
///              1      2         2        length
/// </code>
/// Bytes that are no records are counted as such too; whoever decrypts them finds out.
/// </summary>
internal struct RecordFrames
{
    private const int HeaderSize = 5;

    /// <summary>Bytes of the record at hand that are still to come, once its header is whole.</summary>
    private int _left;

    /// <summary>Bytes of a header that have come.</summary>
    private int _headerSize;
    private int _length;

    /// <summary>No record has come in part.</summary>
    internal readonly bool IsBetweenRecords => _left == 0 && _headerSize == 0;

    /// <summary>
    /// Goes on with bytes that follow those before. Returns how many of them belong to at most <paramref name="countMax"/> records that end
    /// or begin in them; <paramref name="count"/> is how many end.
    /// </summary>
    internal int Take(ReadOnlySpan<byte> bytes, int countMax, out int count)
    {
        count = 0;
        int at = 0;
        while (at < bytes.Length && count < countMax)
        {
            if (_left == 0)
            {
                TakeHeader(bytes[at++]);
                if (_headerSize > 0 || _left > 0)
                {
                    continue;
                }
            }
            else
            {
                int part = Math.Min(_left, bytes.Length - at);
                _left -= part;
                at += part;
                if (_left > 0)
                {
                    break;
                }
            }
            count++;
        }
        return at;
    }

    private void TakeHeader(byte next)
    {
        _headerSize++;
        if (_headerSize >= HeaderSize - 1)
        {
            _length = ((_length << 8) | next) & ushort.MaxValue;
        }
        if (_headerSize == HeaderSize)
        {
            _headerSize = 0;
            _left = _length;
            _length = 0;
        }
    }
}
