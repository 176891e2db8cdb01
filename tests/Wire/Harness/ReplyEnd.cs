using System.Buffers.Text;

namespace Bixbite.Wire.Harness;

/// <summary>
/// Looks for the end of a reply that arrives in pieces, each byte once, and keeps nothing of it: a reply is read when it is whole.
/// </summary>
internal struct ReplyEnd()
{
    /// <summary>Lines and bulk strings before which the reply cannot end.</summary>
    private long _missingCount = 1;

    /// <summary>How much of the reply was looked at.</summary>
    private long _at;

    /// <summary>Goes on within what has arrived of the reply; true once all of it has.</summary>
    public bool IsIn(ReadOnlySpan<byte> arrived)
    {
        while (_missingCount > 0)
        {
            if (_at >= arrived.Length || arrived[(int)_at..].IndexOf("\r\n"u8) is not (>= 0 and var length))
            {
                return false;
            }
            ReadOnlySpan<byte> line = arrived.Slice((int)_at, length);
            _at += length + 2;
            _missingCount--;
            if (line.Length == 0 || !Utf8Parser.TryParse(line[1..], out long count, out _) || count < 0)
            {
                continue;
            }
            switch ((char)line[0])
            {
                case '$' or '=' or '!':
                    _at += count + 2;
                    break;
                case '*' or '~' or '>':
                    _missingCount += count;
                    break;
                case '%' or '|':
                    _missingCount += 2 * count;
                    break;
            }
        }

        return _at <= arrived.Length;
    }
}
