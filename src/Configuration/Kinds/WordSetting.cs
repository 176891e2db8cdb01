namespace Bixbite.Configuration.Kinds;

/// <summary>One of a few words that nothing reads as a value of its own type yet: it is kept as it will be shown.</summary>
public sealed class WordSetting(string name, string standard, params string[] choices) : ValueSetting<string>(name, standard)
{
    public override string Range => string.Join(", ", choices);

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        foreach (string word in choices)
        {
            if (words[0].Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return Keep(word);
            }
        }
        return "argument(s) must be one of the following: " + Range;
    }

    protected override string Format(string value) => value;
}
