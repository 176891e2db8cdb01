using System.Text;
using Bixbite.Commands.Info.Sections;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;

namespace Bixbite.Commands.Info;

/// <summary>INFO: the server about itself, in sections of lines that people and monitoring tools read.</summary>
public sealed class Info(InfoSections sections)
{
    [Command(
        "info",
        Group = "server",
        Since = "1.0.0",
        Arity = -1,
        Flags = "loading stale",
        Categories = "dangerous",
        Tips = "nondeterministic_output request_policy:all_shards response_policy:special",
        History = "7.0.0 Added support for taking multiple section arguments.",
        Complexity = "O(1)",
        Summary = "Tells the state, the counters and the content of the server.",
        Syntax = "[section ...]")]
    public void Run(CommandContext context)
    {
        var selection = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 1; i < context.Count; i++)
        {
            selection.Add(Encoding.UTF8.GetString(context[i]));
        }
        if (selection.Count == 0)
        {
            selection.Add(InfoSections.Default);
        }
        var text = new InfoText();
        foreach (InfoSection section in sections.Select(selection))
        {
            text.Section(section);
        }
        context.Reply.Verbatim(text.ToBytes(), "txt"u8);
    }
}
