using System.Text;

namespace Bixbite.Engine.Statistics;

/// <summary>
/// How often each kind of error was answered: INFO's errorstats. The kind is the error's first word. Since a client may provoke ever new
/// kinds, too many of them end the counting until the next reset, and a single kind tells so, as in Redis.
/// </summary>
public sealed class ErrorStatistics
{
    public const int KindCountMax = 128;

    /// <summary>What is counted when the counting has ended.</summary>
    public const string Disabled = "ERRORSTATS_DISABLED";

    private const string Unnamed = "ERR";
    private const int KindLengthMax = 30;

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private bool _isOff;

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(ReadOnlySpan<byte> errorText)
    {
        if (_isOff)
        {
            return;
        }
        string kind = KindOf(errorText);
        if (_counts.TryGetValue(kind, out long count))
        {
            _counts[kind] = count + 1;
        }
        else if (_counts.Count < KindCountMax)
        {
            _counts.Add(kind, 1);
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

    private static string KindOf(ReadOnlySpan<byte> errorText)
    {
        int end = errorText.IndexOf((byte)' ');
        return end is > 0 and <= KindLengthMax ? Encoding.Latin1.GetString(errorText[..end]) : Unnamed;
    }
}
