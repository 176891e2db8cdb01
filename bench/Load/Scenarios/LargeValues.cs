using System.Text;
using Bixbite.Load.Client;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>
/// Keys with large values: how they are made, and writes that go to random places within them. Bytes are random, so that nobody saves by
/// compressing them.
/// </summary>
internal sealed class LargeValues
{
    private const int Batch = 256;
    private const int ChangeSize = 100;

    private static readonly byte[] s_noise = Noise();

    private readonly Random _random = new(5);
    private readonly Func<Random, byte[]> _change;
    private readonly Func<int, byte[]> _filling;
    private readonly int _fillCount;

    private LargeValues(string name, int fillCount, Func<int, byte[]> filling, Func<Random, byte[]> change)
    {
        Name = name;
        _fillCount = fillCount;
        _filling = filling;
        _change = change;
    }

    public string Name { get; }

    /// <summary>A write brings a whole value, which takes its room.</summary>
    public bool IsReplaced { get; private init; }

    /// <summary>All kinds; a share of the elements of each.</summary>
    public static IReadOnlyList<LargeValues> All(Func<int, int> scaled) =>
    [
        Strings("3,000 strings of 100 KB", scaled(3_000), 100_000),
        Strings("300 strings of 1 MB", scaled(300), 1_000_000),
        Strings("30 strings of 10 MB", scaled(30), 10_000_000),
        Strings("26 strings of 100 MB", Math.Max(scaled(26), 1), 100_000_000),
        Strings("a string of 500 MB", 1, scaled(500_000_000)),
        Replaced("a string of 500 MB, SET anew", scaled(500_000_000)),
        List("a list of 10,000 x 4 KB", scaled(10_000), 4_096),
        List("a list of a million", scaled(1_000_000), 16),
        Collection("a set of a million", scaled(1_000_000), "SADD", i => [$"member:{i}"]),
        Collection("a hash of a million", scaled(1_000_000), "HSET", i => [$"field:{i}", $"value:{i}"]),
        Collection("a sorted set of a million", scaled(1_000_000), "ZADD", i => [$"{i % 1000}", $"member:{i}"]),
        Collection("a stream of a million", scaled(1_000_000), "XADD", i => ["*", "field", $"value:{i}"]),
    ];

    public void Fill(RunningServer server)
    {
        using PipeConnection connection = server.Connect();
        for (int i = 0; i < _fillCount; i++)
        {
            connection.Send(_filling(i));
            if (i % Batch == Batch - 1)
            {
                connection.ReadReplies(Batch);
            }
        }

        connection.ReadReplies(_fillCount % Batch);
    }

    /// <summary>The next write.</summary>
    public byte[] Change() => _change(_random);

    private static LargeValues Strings(string name, int count, int size) => new(
        name,
        count,
        i => Request("SET"u8.ToArray(), Text($"key:{i}"), Bytes(i, size)),
        random => Request(
            "SETRANGE"u8.ToArray(), Text($"key:{random.Next(count)}"), Text($"{random.Next(size - ChangeSize)}"),
            Bytes(random.Next(1000), ChangeSize)));

    private static LargeValues Replaced(string name, int size)
    {
        byte[]? request = null;
        byte[] Set() => request ??= Request("SET"u8.ToArray(), Text("key:0"), Bytes(0, size));
        return new LargeValues(name, 1, _ => Set(), _ => Set()) { IsReplaced = true };
    }

    private static LargeValues List(string name, int count, int size) => new(
        name,
        count,
        i => Request("RPUSH"u8.ToArray(), "list"u8.ToArray(), Bytes(i, size)),
        random => Request("LSET"u8.ToArray(), "list"u8.ToArray(), Text($"{random.Next(count)}"), Bytes(random.Next(1000), size)));

    private static LargeValues Collection(string name, int count, string command, Func<int, string[]> arguments) => new(
        name,
        count,
        i => Request([Text(command), "all"u8.ToArray(), .. arguments(i).Select(Text)]),
        random => Request([Text(command), "all"u8.ToArray(), .. arguments(random.Next(2 * count)).Select(Text)]));

    private static byte[] Request(params byte[][] words)
    {
        using MemoryStream request = new();
        request.Write(Text($"*{words.Length}\r\n"));
        foreach (byte[] word in words)
        {
            request.Write(Text($"${word.Length}\r\n"));
            request.Write(word);
            request.Write("\r\n"u8);
        }

        return request.ToArray();
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Bytes(int start, int size)
    {
        byte[] bytes = new byte[size];
        for (int done = 0, at = (int)(start * 7919L % s_noise.Length); done < size; at = 0)
        {
            int count = Math.Min(size - done, s_noise.Length - at);
            s_noise.AsSpan(at, count).CopyTo(bytes.AsSpan(done));
            done += count;
        }

        return bytes;
    }

    private static byte[] Noise()
    {
        byte[] bytes = new byte[1_000_003];
        new Random(4).NextBytes(bytes);
        return bytes;
    }
}
