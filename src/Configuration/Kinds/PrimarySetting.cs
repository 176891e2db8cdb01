using System.Globalization;

namespace Bixbite.Configuration.Kinds;

/// <summary>Where the primary of this replica listens.</summary>
public sealed record PrimaryAddress(string Host, int Port);

/// <summary>replicaof: a host and a port, or <c>no one</c>.</summary>
public sealed class PrimarySetting(string name) : ValueSetting<PrimaryAddress?>(name, null)
{
    public override string Range => "host and port, or no one";

    public override IEnumerable<RewrittenLine> Rewrite() => Value is null ? [] : base.Rewrite();

    /// <summary>A name with other letters than names have is quoted, and so is an empty one: the line may not become another.</summary>
    protected override string FileText => Value is { } value && !(value.Host.Length > 0 && value.Host.All(IsPlain))
        ? string.Create(CultureInfo.InvariantCulture, $"{TextSetting.Quote(value.Host)} {value.Port}")
        : Text;

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 2)
        {
            return WrongCount;
        }
        if (words[0].Equals("no", StringComparison.OrdinalIgnoreCase) && words[1].Equals("one", StringComparison.OrdinalIgnoreCase))
        {
            return Keep(null);
        }
        return NumberSyntax.TryReadLoose(words[1], out long port) && port is >= 0 and <= ushort.MaxValue
            ? Keep(new PrimaryAddress(words[0], (int)port))
            : "Invalid master port";
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or ':' or '-' or '_' or '%';

    protected override string Format(PrimaryAddress? value) =>
        value is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{value.Host} {value.Port}");
}
