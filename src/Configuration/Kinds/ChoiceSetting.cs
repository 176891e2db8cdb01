namespace Bixbite.Configuration.Kinds;

/// <summary>One of a few words, each standing for a value. When two words mean the same value, the first one is shown.</summary>
public sealed class ChoiceSetting<T>(string name, T standard, params (string Word, T Value)[] choices)
    : ValueSetting<T>(name, standard) where T : struct, Enum
{
    public override string Range => string.Join(", ", choices.Select(choice => choice.Word));

    protected override string? Read(IReadOnlyList<string> words)
    {
        foreach ((string word, T value) in choices)
        {
            if (words.Count == 1 && words[0].Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return Keep(value);
            }
        }
        return words.Count == 1 ? "argument(s) must be one of the following: " + Range : WrongCount;
    }

    protected override string Format(T value) =>
        choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;
}
