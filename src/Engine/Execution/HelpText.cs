using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>The answer of the HELP subcommands: a heading, two lines for each form, and HELP itself.</summary>
public static class HelpText
{
    /// <summary>Answers the help of a container command. The lines alternate: a form, then indented what it does.</summary>
    public static void Answer(ReplyWriter reply, string command, params ReadOnlySpan<string> lines)
    {
        reply.Array(lines.Length + 3);
        Line(reply, $"{command} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        foreach (string line in lines)
        {
            Line(reply, line);
        }
        Line(reply, "HELP");
        Line(reply, "    Prints this help.");
    }

    private static void Line(ReplyWriter reply, string text) => reply.Simple(System.Text.Encoding.ASCII.GetBytes(text));
}
