namespace Bixbite.Configuration.Kinds;

public sealed class IntSetting(string name, int standard, int min, int max) : ValueSetting<int>(name, standard)
{
    public override string Range => $"{min} to {max}";

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
            : Keep((int)value);
    }

    protected override string Format(int value) => NumberSyntax.Show(value);
}
