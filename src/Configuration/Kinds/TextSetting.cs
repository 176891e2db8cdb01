using Bixbite.Structures.Text;

namespace Bixbite.Configuration.Kinds;

/// <summary>
/// Any text: a path, a name, a password. Without a default of its own (null) the empty text means "not set", and a file then has no
/// line for it.
/// </summary>
public sealed class TextSetting(string name, string? standard = null) : ValueSetting<string>(name, standard ?? "")
{
    private byte[]? _bytes;

    /// <summary>The value's exact bytes, which differ from its UTF-8 when they were not valid UTF-8. Not to be written to.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes is { } bytes ? bytes : _bytes = ByteText.Encode(Value);

    public bool IsSet => Value.Length > 0;

    public override string Range => "text";

    public override IEnumerable<RewrittenLine> Rewrite() => standard is null && !IsSet ? [] : base.Rewrite();

    protected override string FileText => Quote(Value);

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        string? problem = Keep(words[0]);
        _bytes = null;
        return problem;
    }

    protected override string Format(string value) => value;

    internal override Action Remember()
    {
        Action restore = base.Remember();
        return () =>
        {
            restore();
            _bytes = null;
        };
    }

    /// <summary>The text in quotes, so that a file can say it.</summary>
    internal static string Quote(string text)
    {
        byte[] bytes = ByteText.Encode(text);
        byte[] quoted = new byte[Quoted.SizeOf(bytes)];
        return System.Text.Encoding.ASCII.GetString(quoted, 0, Quoted.Format(bytes, quoted));
    }

    /// <summary>The check for names of files that always live in the working directory.</summary>
    public static Func<string, string?> FileName(string name, string noun, bool isEmptyAllowed) => value =>
    {
        if (value.Length == 0 && !isEmptyAllowed)
        {
            return $"{name} can't be empty";
        }
        return value.Contains('/', StringComparison.Ordinal) || value.Contains('\\', StringComparison.Ordinal)
            ? $"{name} can't be a path, just a {noun}"
            : null;
    };
}
