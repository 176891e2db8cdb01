namespace Bixbite.Configuration.Kinds;

/// <summary>Permission bits.</summary>
public sealed class OctalSetting(string name, int standard, int max) : ValueSetting<int>(name, standard)
{
    public override string Range => $"0 to {NumberSyntax.Octal(max)}, octal";

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        if (!NumberSyntax.TryReadOctal(words[0], out long value))
        {
            return "argument couldn't be parsed as an octal number";
        }
        return value > max ? NumberSyntax.OutOfRange("0", NumberSyntax.Octal(max)) : Keep((int)value);
    }

    protected override string Format(int value) => NumberSyntax.Octal(value);
}
