using System.Globalization;
using System.Text;

namespace Bixbite.Tool.Options;

/// <summary>
/// Reads the options of a command line up to the first word that is none, as redis-cli does: what follows is a command for the server, and
/// <c>-1</c> in it is a number.
/// </summary>
/// <param name="command">How the command is called: "bixbite cli".</param>
/// <param name="options">All options.</param>
internal sealed class OptionReader(string command, IReadOnlyList<Option> options)
{
    private const int NameWidth = 28;
    private const string Separator = "--";

    /// <summary>Applies the options, and returns the words after them.</summary>
    /// <exception cref="ToolException">An option is not known, or its value is wrong.</exception>
    public string[] Read(IReadOnlyList<string> arguments)
    {
        int i = 0;
        while (i < arguments.Count && arguments[i].Length > 1 && arguments[i][0] == '-')
        {
            string word = arguments[i++];
            if (word == Separator)
            {
                break;
            }
            int equals = word.StartsWith(Separator, StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
            Option option = Find(equals < 0 ? word : word[..equals]);
            if (option.Value.Length == 0 || equals >= 0)
            {
                if (option.Value.Length == 0 && equals >= 0)
                {
                    throw Misused($"The option {word[..equals]} has no value.");
                }
                option.Apply(equals < 0 ? "" : word[(equals + 1)..]);
                continue;
            }
            if (i == arguments.Count)
            {
                throw Misused($"The option {word} needs a value: {word} <{option.Value}>.");
            }
            option.Apply(arguments[i++]);
        }
        return [.. arguments.Skip(i)];
    }

    /// <summary>A line per option.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        foreach (Option option in options)
        {
            string name = "  " + option.Shown;
            text.Append(name.Length < NameWidth ? name.PadRight(NameWidth) : name + "\n" + new string(' ', NameWidth));
            text.Append(option.Help).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The value of an option as a whole number within bounds.</summary>
    public static int Number(string option, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new ToolException($"{option} is a whole number from {min} to {max}, not '{value}'.", ToolException.Misused);

    /// <summary>The value of an option as a time in seconds, with parts of a second.</summary>
    public static TimeSpan Seconds(string option, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= 1_000_000
            ? TimeSpan.FromSeconds(seconds)
            : throw new ToolException($"{option} is a number of seconds as 5 or 0.1, not '{value}'.", ToolException.Misused);

    private Option Find(string name) => options.FirstOrDefault(option => option.Names.Contains(name))
        ?? throw Misused($"There is no option {name}{Suggestion.Of(name, options.SelectMany(option => option.Names))}.");

    private ToolException Misused(string problem) => new($"{problem} '{command} --help' tells all options.", ToolException.Misused);
}
