namespace Bixbite.Configuration.Kinds;

public sealed class BoolSetting(string name, bool standard) : ValueSetting<bool>(name, standard)
{
    public override string Range => "yes, no";

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        if (words[0].Equals("yes", StringComparison.OrdinalIgnoreCase))
        {
            return Keep(true);
        }
        return words[0].Equals("no", StringComparison.OrdinalIgnoreCase) ? Keep(false) : "argument must be 'yes' or 'no'";
    }

    protected override string Format(bool value) => value ? "yes" : "no";
}
