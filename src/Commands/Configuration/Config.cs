using Bixbite.Configuration;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Configuration;

/// <summary>CONFIG: what the server was told, and telling it otherwise while it runs.</summary>
[Command(
    "config",
    Group = "server",
    Since = "2.0.0",
    Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Reads and changes the configuration.")]
public sealed class Config(Settings settings)
{
    [Command(
        "config|get",
        Group = "server",
        Since = "2.0.0",
        Arity = -3,
        Flags = "admin noscript loading stale",
        History = "7.0.0 Added the ability to pass multiple pattern parameters in one call",
        Complexity = "O(N) with N the number of settings asked for",
        Summary = "The values of the settings with these names.",
        Syntax = "parameter ...")]
    public void Get(CommandContext context)
    {
        string[] patterns = new string[context.Count - 2];
        for (int i = 0; i < patterns.Length; i++)
        {
            patterns[i] = ByteText.Decode(context[i + 2]);
        }
        IReadOnlyList<NamedSetting> matches = settings.Table.Match(patterns);
        context.Reply.Map(matches.Count);
        foreach (NamedSetting match in matches)
        {
            context.Reply.Bulk(ByteText.Encode(match.Name));
            context.Reply.Bulk(ByteText.Encode(match.Setting.Text));
        }
    }

    [Command(
        "config|help",
        Group = "server",
        Since = "5.0.0",
        Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "CONFIG",
        "DOCS [<pattern> ...]",
        "    Settings with their meaning, default, and what they accept.",
        "GET <pattern> [<pattern> ...]",
        "    The settings whose names match a <pattern>, and their values.",
        "RESETSTAT",
        "    Begin the counters of INFO anew.",
        "REWRITE",
        "    Write the values as they are now into the configuration file.",
        "SET <setting> <value> [<setting> <value> ...]",
        "    Change settings: all of them, or none if one cannot be changed.");
}
