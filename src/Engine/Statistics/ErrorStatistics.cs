using System.Text;

namespace Bixbite.Engine.Statistics;

/// <summary>
/// How often each kind of error was answered: INFO's errorstats. The kind is the error's first word. Since a client may provoke ever new
/// kinds, too many of them end the counting until the next reset, and a single kind tells so, as in Redis.
/// </summary>
public sealed class ErrorStatistics
{
    public const int KindCountMax = 128;

    /// <summary>The name under which errors are counted once there are too many different ones.</summary>
    public const string Disabled = "ERRORSTATS_DISABLED";

    private const string Unnamed = "ERR";
    private const int KindLengthMax = 30;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private bool _isOff;

    /// <summary>By kind, in the order of the kinds: made anew for each call.</summary>
    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);

    public void Count(ReadOnlySpan<byte> errorText)
    {
        if (_isOff)
        {
            return;
        }
        Span<char> letters = stackalloc char[KindLengthMax];
        ReadOnlySpan<char> kind = KindOf(errorText, letters);
        var counts = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (counts.TryGetValue(kind, out long count))
        {
            counts[kind] = count + 1;
        }
        else if (_counts.Count < KindCountMax)
        {
            _counts.Add(kind.ToString(), 1);
        }
        else
        {
            _counts.Clear();
            _counts.Add(Disabled, 1);
            _isOff = true;
        }
    }

    public void Reset()
    {
        _counts.Clear();
        _isOff = false;
    }

    private static ReadOnlySpan<char> KindOf(ReadOnlySpan<byte> errorText, Span<char> letters)
    {
        int end = errorText.IndexOf((byte)' ');
        return end is > 0 and <= KindLengthMax ? letters[..Encoding.Latin1.GetChars(errorText[..end], letters)] : Unnamed;
    }
}
