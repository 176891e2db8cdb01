namespace Bixbite.Configuration.Kinds;

/// <summary>
/// The addresses to listen on. A leading minus marks one whose absence is no error; <c>*</c> is every address of its family.
/// </summary>
public sealed class BindSetting(string name, params string[] standard) : ValueSetting<IReadOnlyList<string>>(name, standard)
{
    private const int AddressesMax = 16;

    public override string Range => $"up to {AddressesMax} addresses";

    public override IEnumerable<RewrittenLine> Rewrite() =>
        IsDefault ? [] : [new($"{Name} {(Value.Count == 0 ? "\"\"" : Text)}", true)];

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count > AddressesMax)
        {
            return "Too many bind addresses specified.";
        }
        if (words is [""])
        {
            return Keep([]);
        }
        return words.All(IsPlain) ? Keep([.. words]) : "Invalid bind address.";
    }

    private static bool IsPlain(string word) =>
        word.Length > 0 && word.All(letter => letter is > ' ' and <= '~' and not ('"' or '\'' or '\\'));

    protected override string Format(IReadOnlyList<string> value) => string.Join(' ', value);
}
