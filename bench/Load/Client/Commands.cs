namespace Bixbite.Load.Client;

/// <summary>SET of the keys 0, 1, 2 ... to a value of a fixed size. Keys are "key:" and the number.</summary>
internal sealed class SetInOrder(int keyDigits, int valueSize) : ICommandSource
{
    private readonly byte[] _value = Enumerable.Repeat((byte)'x', valueSize).ToArray();

    public int Write(Span<byte> target, int step)
    {
        RequestText text = new(target);
        text.Raw("*3\r\n$3\r\nSET\r\n"u8);
        text.Bulk("key:"u8, step, keyDigits);
        text.Bulk(_value);
        return text.Size;
    }
}

/// <summary>GET of keys drawn evenly from the first <paramref name="keyCount"/>; the same draw in every run.</summary>
internal sealed class GetAtRandom(int keyDigits, int keyCount) : ICommandSource
{
    private readonly Random _random = new(20260101);

    public int Write(Span<byte> target, int step)
    {
        RequestText text = new(target);
        text.Raw("*2\r\n$3\r\nGET\r\n"u8);
        text.Bulk("key:"u8, _random.Next(keyCount), keyDigits);
        return text.Size;
    }
}

/// <summary>SET of keys drawn evenly from the first <paramref name="keyCount"/> to a value of a fixed size.</summary>
internal sealed class SetAtRandom(int keyDigits, int keyCount, int valueSize) : ICommandSource
{
    private readonly Random _random = new(20260102);
    private readonly byte[] _value = Enumerable.Repeat((byte)'y', valueSize).ToArray();

    public int Write(Span<byte> target, int step)
    {
        RequestText text = new(target);
        text.Raw("*3\r\n$3\r\nSET\r\n"u8);
        text.Bulk("key:"u8, _random.Next(keyCount), keyDigits);
        text.Bulk(_value);
        return text.Size;
    }
}

/// <summary>A counter brought to a seven-digit number by INCRBY and given a TTL of a day by EXPIRE.</summary>
internal sealed class CounterWithTtl(int keyDigits) : ICommandSource
{
    public int RepliesPerStep => 2;

    public int Write(Span<byte> target, int step)
    {
        RequestText text = new(target);
        text.Raw("*3\r\n$6\r\nINCRBY\r\n"u8);
        text.Bulk("key:"u8, step, keyDigits);
        text.Bulk(""u8, 1_000_000 + step, 7);
        text.Raw("*3\r\n$6\r\nEXPIRE\r\n"u8);
        text.Bulk("key:"u8, step, keyDigits);
        text.Bulk("86400"u8);
        return text.Size;
    }
}

/// <summary>SET with the key's own moment of expiry, in milliseconds of Unix time.</summary>
internal sealed class SetWithDeadline(int keyDigits, long[] deadlinesMs) : ICommandSource
{
    public int Write(Span<byte> target, int step)
    {
        RequestText text = new(target);
        text.Raw("*5\r\n$3\r\nSET\r\n"u8);
        text.Bulk("key:"u8, step, keyDigits);
        text.Bulk("v"u8);
        text.Bulk("PXAT"u8);
        text.Bulk(""u8, deadlinesMs[step], 13);
        return text.Size;
    }
}
