using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Commands;

/// <summary>Replies in RESP2 as redis-cli shows them at a terminal.</summary>
internal static class TerminalText
{
    /// <summary>Commands that answer a page of text, which is shown as it is.</summary>
    private static readonly string[] s_pages =
        ["INFO", "CLIENT LIST", "CLIENT INFO", "LOLWUT", "LATENCY DOCTOR", "LATENCY GRAPH", "MEMORY DOCTOR", "MEMORY MALLOC-STATS"];

    public static string Write(Reply reply) => WriteWithin(reply, "");

    /// <summary>The reply of this request.</summary>
    public static string Write(Reply reply, string request) =>
        reply.Type == '$' && s_pages.Any(page => request == page || request.StartsWith(page + " ", StringComparison.Ordinal))
            ? reply.Text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n')
            : Write(reply);

    /// <summary>A reply whose lines but for the first begin with this.</summary>
    private static string WriteWithin(Reply reply, string indent) => reply switch
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
            $"{(index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width)}) {WriteWithin(item, inner)}"));
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
