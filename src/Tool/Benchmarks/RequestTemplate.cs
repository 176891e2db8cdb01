using System.Buffers;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Tool.Benchmarks;

/// <summary>
/// A request as bytes, so many times as go at once, in which the random numbers are written anew for each use: sending costs no more than
/// that. Belongs to one connection.
/// <code>
///   *2 $3 GET $22 bench:key:000000000000 *2 $3 GET $22 bench:key:000000000000 ...
///                           ^ a place of 12 digits
/// </code>
/// </summary>
internal sealed class RequestTemplate
{
    /// <summary>Stands for a random number of 12 digits.</summary>
    public const string Number = "__rand_int__";

    /// <summary>Stands for a value.</summary>
    public const string Data = "__data__";

    private const int DigitCount = 12;

    private readonly byte[] _bytes;
    private readonly List<int> _places = [];
    private readonly int _keyCount;
    private readonly Random _random;

    /// <param name="words">The request.</param>
    /// <param name="count">How many go at once.</param>
    /// <param name="options">The size of values and the number of keys.</param>
    /// <param name="seed">Where the random numbers begin.</param>
    public RequestTemplate(IReadOnlyList<string> words, int count, BenchOptions options, int seed)
    {
        (_keyCount, _random) = (options.KeyCount, new Random(seed));
        string data = new('x', options.DataSize);
        ArrayBufferWriter<byte> bytes = new();
        for (int i = 0; i < count; i++)
        {
            bytes.Begin(words.Count);
            foreach (string word in words)
            {
                bytes.Add(Encoding.UTF8.GetBytes(word.Replace(Data, data, StringComparison.Ordinal)));
            }
        }
        _bytes = bytes.WrittenSpan.ToArray();
        ReadOnlySpan<byte> mark = Encoding.ASCII.GetBytes(Number);
        for (int at = _bytes.AsSpan().IndexOf(mark); at >= 0;)
        {
            _places.Add(at);
            int next = _bytes.AsSpan(at + DigitCount).IndexOf(mark);
            at = next < 0 ? -1 : at + DigitCount + next;
        }
    }

    /// <summary>The bytes with other numbers than before; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        foreach (int place in _places)
        {
            int number = _random.Next(_keyCount);
            for (int i = DigitCount - 1; i >= 0; i--, number /= 10)
            {
                _bytes[place + i] = (byte)('0' + (number % 10));
            }
        }
        return _bytes;
    }
}
