using Bixbite.Engine.Commands;

namespace Bixbite.Tidy;

/// <summary>A command's arguments as manuals write them: <c>SET key value [NX | XX] [EX seconds | PX milliseconds]</c>.</summary>
internal static class Synopsis
{
    public static string Write(CommandEntry command) =>
        string.Join(' ', [command.Title, .. Arguments(command).Select(Write)]);

    /// <summary>The words and arguments that are younger than the command, each with its release.</summary>
    public static IEnumerable<(string Name, string Since)> Younger(CommandEntry command) => Arguments(command).SelectMany(Younger);

    /// <summary>How many arguments a request has at least, the command's name and its subcommand's among them.</summary>
    public static int CountMin(CommandEntry command) => command.Title.Split(' ').Length + Arguments(command).Sum(CountMin);

    /// <summary>There may be more arguments than that.</summary>
    public static bool IsOpen(CommandEntry command) => Arguments(command).Any(IsOpen);

    private static IReadOnlyList<SyntaxArgument> Arguments(CommandEntry command) =>
        SyntaxParser.Parse(command["Syntax"], 1, out _) ?? throw new FormatException($"{command.Name}: {command["Syntax"]}");

    private static string Write(SyntaxArgument argument)
    {
        string value = argument.Type switch
        {
            SyntaxType.PureToken => "",
            SyntaxType.OneOf when argument.IsOptional && argument.Token is null && !argument.IsMultiple => Alternatives(argument),
            SyntaxType.OneOf => $"<{Alternatives(argument)}>",
            SyntaxType.Block => string.Join(' ', argument.Arguments.Select(Write)),
            _ => argument.Name,
        };
        if (argument.IsMultiple && !argument.IsTokenMultiple)
        {
            value = $"{value} [{value} ...]";
        }
        string text = argument.Token is null ? value : $"{argument.Token} {value}".TrimEnd();
        if (argument.IsMultiple && argument.IsTokenMultiple)
        {
            text = $"{text} [{text} ...]";
        }
        return argument.IsOptional ? $"[{text}]" : text;
    }

    private static string Alternatives(SyntaxArgument argument) => string.Join(" | ", argument.Arguments.Select(Write));

    private static IEnumerable<(string Name, string Since)> Younger(SyntaxArgument argument)
    {
        if (argument.Since.Length == 0)
        {
            return argument.Arguments.SelectMany(Younger);
        }
        IEnumerable<string> names = argument switch
        {
            { Token: { } token } => [token],
            { Type: SyntaxType.OneOf } => argument.Arguments.Select(each => each.Token ?? each.Name),
            _ => [argument.Name],
        };
        return names.Select(name => (name, argument.Since)).Concat(argument.Arguments.SelectMany(Younger));
    }

    private static int CountMin(SyntaxArgument argument)
    {
        int value = argument.Type switch
        {
            SyntaxType.PureToken => 0,
            SyntaxType.OneOf => argument.Arguments.Min(CountMin),
            SyntaxType.Block => argument.Arguments.Sum(CountMin),
            _ => 1,
        };
        return argument.IsOptional ? 0 : value + (argument.Token is null ? 0 : 1);
    }

    private static bool IsOpen(SyntaxArgument argument) =>
        argument.IsOptional || argument.IsMultiple || argument.Arguments.Any(IsOpen)
        || (argument.Type == SyntaxType.OneOf && argument.Arguments.Select(CountMin).Distinct().Count() > 1);
}
