namespace Bixbite.Configuration.Kinds;

/// <summary>
/// An amount of memory in bytes, written with or without a unit. Where a percentage is allowed, n % of maxmemory is stored as -n.
/// </summary>
public sealed class BytesSetting(string name, long standard, long min = 0, long max = long.MaxValue) : ValueSetting<long>(name, standard)
{
    private const int PercentMax = 100;

    public bool AllowsPercent { get; init; }

    /// <summary>Every amount of 64 bits without a sign is accepted; <see cref="ValueSetting{T}.Value"/> is then its bits.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>The value as an amount that a process can have: what is beyond 63 bits is as good as the largest one.</summary>
    public long Bytes => IsUnsigned && Value < 0 ? long.MaxValue : Value;

    public override string Range =>
        (max == long.MaxValue ? $"{min} bytes and more" : $"{min} to {max} bytes") + (AllowsPercent ? ", or a percentage" : "");

    /// <summary>The bytes meant when <paramref name="whole"/> is what a percentage is of.</summary>
    public long BytesOf(long whole) => Value >= 0 ? Value : (long)(whole / (double)PercentMax * -Value);

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        string word = words[0];
        if (NumberSyntax.TryReadMemory(word, out ulong size))
        {
            if (IsUnsigned)
            {
                return Keep((long)size);
            }
            return size > long.MaxValue || (long)size < min || (long)size > max
                ? NumberSyntax.OutOfRange(NumberSyntax.Show(AllowsPercent ? -PercentMax : min), NumberSyntax.Show(max))
                : Keep((long)size);
        }
        if (!AllowsPercent)
        {
            return "argument must be a memory value";
        }
        if (word.Length < 2 || word[^1] != '%' || !NumberSyntax.TryReadInteger(word[..^1], out long percent) || percent < 0)
        {
            return "argument must be a memory or percent value";
        }
        return percent > PercentMax ? $"percentage argument must be less or equal to {PercentMax}" : Keep(-percent);
    }

    protected override string Format(long value)
    {
        if (IsUnsigned)
        {
            return NumberSyntax.Show((ulong)value);
        }
        return value < 0 ? NumberSyntax.Show(-value) + "%" : NumberSyntax.Show(value);
    }

    protected override string FileText => Value < 0 ? Text : NumberSyntax.Memory(Value);
}
