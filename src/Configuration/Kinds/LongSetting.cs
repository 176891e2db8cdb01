namespace Bixbite.Configuration.Kinds;

/// <summary>A 64-bit or unsigned 32-bit number.</summary>
public sealed class LongSetting(string name, long standard, long min = 0, long max = long.MaxValue) : ValueSetting<long>(name, standard)
{
    public override string Range => max == long.MaxValue ? $"{min} and more" : $"{min} to {max}";

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        if (!NumberSyntax.TryReadInteger(words[0], out long value))
        {
            return "argument couldn't be parsed into an integer";
        }
        return value < min || value > max
            ? NumberSyntax.OutOfRange(NumberSyntax.Show(min), NumberSyntax.Show(max))
            : Keep(value);
    }

    protected override string Format(long value) => NumberSyntax.Show(value);
}
