using System.Text;

namespace Bixbite.Engine.Statistics;

/// <summary>How often each kind of error was answered: INFO's errorstats. The kind is the error's first word.</summary>
public sealed class ErrorStatistics
{
    /// <summary>Kinds beyond this number are not counted, as in Redis, since a client may provoke ever new ones.</summary>
    public const int KindCountMax = 128;

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(ReadOnlySpan<byte> errorText)
    {
        int end = errorText.IndexOf((byte)' ');
        string kind = Encoding.Latin1.GetString(end < 0 ? errorText : errorText[..end]);
        if (_counts.TryGetValue(kind, out long count))
        {
            _counts[kind] = count + 1;
        }
        else if (_counts.Count < KindCountMax)
        {
            _counts.Add(kind, 1);
        }
    }

    public void Reset() => _counts.Clear();
}
