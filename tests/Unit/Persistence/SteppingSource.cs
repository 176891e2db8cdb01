using Bixbite.Persistence.Rdb.Reading;

namespace Bixbite.Unit.Persistence;

/// <summary>
/// Gives no more than was asked for and a few bytes, in another place each time, and wipes out what it gave before: whoever keeps it
/// reads nonsense.
/// </summary>
internal sealed class SteppingSource(byte[] content, int step) : IRdbSource
{
    private byte[] _given = [];
    private int _end;

    public ReadOnlySpan<byte> Read(int unreadCount, int neededCount)
    {
        int start = _end - unreadCount;
        _given.AsSpan().Fill(0xCC);
        _end = Math.Min(content.Length, Math.Max(_end, (int)Math.Min(content.Length, start + (long)neededCount + step)));
        _given = content[start.._end];
        return _given;
    }
}
