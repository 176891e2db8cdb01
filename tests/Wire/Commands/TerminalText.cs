using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>Replies in RESP2 as redis-cli shows them at a terminal.</summary>
internal static class TerminalText
{
    public static string Write(Reply reply) => Write(reply, "");

    /// <summary>A reply whose lines but for the first begin with this.</summary>
    private static string Write(Reply reply, string indent) => reply switch
    {
        { IsNull: true } => "(nil)",
        { Type: '*', Items.Count: 0 } => "(empty array)",
        { Type: '*' } => WriteItems(reply.Items, indent),
        { Type: ':' } => $"(integer) {reply.Text}",
        { Type: '-' } => $"(error) {reply.Text}",
        { Type: '$' } => Quote(reply.Bytes),
        _ => reply.Text,
    };

    private static string WriteItems(IReadOnlyList<Reply> items, string indent)
    {
        int width = items.Count.ToString(CultureInfo.InvariantCulture).Length;
        string inner = indent + new string(' ', width + 2);
        return string.Join("\n" + indent, items.Select((item, index) =>
            $"{(index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width)}) {Write(item, inner)}"));
    }

    private static string Quote(byte[] bytes)
    {
        StringBuilder text = new("\"");
        foreach (byte each in bytes)
        {
            text.Append((char)each switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\a' => "\\a",
                '\b' => "\\b",
                >= ' ' and <= '~' => ((char)each).ToString(),
                _ => $"\\x{each:x2}",
            });
        }
        return text.Append('"').ToString();
    }
}
