namespace Bixbite.Http.Requests;

/// <summary>
/// Finds where the head of a request ends, in bytes that come in any pieces: each byte is looked at once, however small the pieces are.
/// Lines end with CR and LF; a LF alone ends no line here, and no head.
/// </summary>
public struct HeadEnd
{
    /// <summary>A line does not end as it must.</summary>
    public const int Broken = -1;

    private int _seen;

    /// <summary>
    /// The size of the head with the empty line that ends it: 0 if that has not come, <see cref="Broken"/> if it never will. An empty line
    /// in front of a request is a head of two bytes.
    /// </summary>
    /// <param name="bytes">All from the request's first byte on: those of the call before, and more.</param>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            int distance = bytes[_seen..].IndexOf((byte)'\n');
            if (distance < 0)
            {
                _seen = bytes.Length;
                return 0;
            }
            int end = _seen + distance;
            if (end == 0 || bytes[end - 1] != '\r')
            {
                return Broken;
            }
            _seen = end + 1;
            if (end == 1 || bytes[end - 2] == '\n')
            {
                return _seen;
            }
        }
    }
}
