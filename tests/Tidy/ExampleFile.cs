using System.Globalization;
using System.Text.RegularExpressions;

namespace Bixbite.Tidy;

/// <summary>A request with its reply as redis-cli shows it, or time that passes.</summary>
/// <param name="Line">Where it begins in its file.</param>
/// <param name="Request">What is typed; empty where time passes.</param>
/// <param name="Reply">All lines of the reply, without the last line's end.</param>
/// <param name="Seconds">How much time passes.</param>
internal sealed record ExampleStep(int Line, string Request, string Reply, int Seconds);

/// <summary>The example of one command: its text as it stands in the file, and the steps to be run.</summary>
internal sealed record Example(string Title, string Text, IReadOnlyList<ExampleStep> Steps);

/// <summary>
/// A file of docs/commands/examples, which holds the examples of a group of commands. The pages show them, and a test runs each on an empty
/// server:
/// <code>
///   ## SET
///   &gt; SET greeting hello EX 10
///   OK
///   -- 11 seconds later --
///   &gt; GET greeting
///   (nil)
/// </code>
/// </summary>
internal static partial class ExampleFile
{
    public static List<Example> Parse(string text)
    {
        List<Example> examples = [];
        string[] lines = text.Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith("## ", StringComparison.Ordinal));
        while (at >= 0 && at < lines.Length)
        {
            int end = at + 1;
            while (end < lines.Length && !lines[end].StartsWith("## ", StringComparison.Ordinal))
            {
                end++;
            }
            string[] body = lines[(at + 1)..end];
            examples.Add(new Example(lines[at][3..].Trim(), string.Join('\n', body).Trim('\n'), Steps(body, at + 2)));
            at = end;
        }
        return examples;
    }

    private static List<ExampleStep> Steps(string[] lines, int firstLine)
    {
        List<ExampleStep> steps = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (Later().Match(lines[i]) is { Success: true } later)
            {
                int seconds = int.Parse(later.Groups[1].Value, CultureInfo.InvariantCulture);
                steps.Add(new ExampleStep(firstLine + i, "", "", seconds));
            }
            else if (lines[i].StartsWith("> ", StringComparison.Ordinal))
            {
                int end = i + 1;
                while (end < lines.Length && !IsBeginning(lines[end]))
                {
                    end++;
                }
                steps.Add(new ExampleStep(firstLine + i, lines[i][2..], string.Join('\n', lines[(i + 1)..end]).TrimEnd('\n'), 0));
                i = end - 1;
            }
            else if (lines[i].Length > 0)
            {
                throw new FormatException($"line {firstLine + i} belongs to no request: {lines[i]}");
            }
        }
        return steps;
    }

    private static bool IsBeginning(string line) => line.StartsWith("> ", StringComparison.Ordinal) || Later().IsMatch(line);

    [GeneratedRegex("^-- ([0-9]+) seconds later --$")]
    private static partial Regex Later();
}
