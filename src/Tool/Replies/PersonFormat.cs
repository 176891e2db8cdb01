using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Tool.Replies;

/// <summary>
/// Replies for people, as redis-cli prints them: quoted texts, numbered elements, types in parentheses. What the server says outside of
/// quotes cannot move the terminal's cursor: its control bytes become dots.
/// </summary>
internal sealed class PersonFormat(ReplyColors colors) : IReplyFormat
{
    public void Write(Reply reply, IBufferWriter<byte> output) => WriteValue(reply, "", output);

    private static bool IsMultiline(Reply reply) => reply.Kind switch
    {
        ReplyKind.Array or ReplyKind.Set or ReplyKind.Push =>
            reply.Items.Count > 1 || (reply.Items.Count == 1 && IsMultiline(reply.Items[0])),
        ReplyKind.Map or ReplyKind.Attribute => reply.Items.Count > 2 || (reply.Items.Count == 2 && IsMultiline(reply.Items[1])),
        _ => false,
    };

    private void WriteValue(Reply reply, string indent, IBufferWriter<byte> output)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Null:
                Line(colors.Faint, "(nil)"u8, output);
                break;
            case ReplyKind.Error or ReplyKind.BulkError:
                Line(colors.Error, [.. "(error) "u8, .. Harmless(reply.Bytes)], output);
                break;
            case ReplyKind.Integer:
                Line(colors.Number, Ascii($"(integer) {reply.Integer}"), output);
                break;
            case ReplyKind.Double:
                Line(colors.Number, [.. "(double) "u8, .. reply.Bytes], output);
                break;
            case ReplyKind.Boolean:
                Line(colors.Number, reply.Integer != 0 ? "(true)"u8 : "(false)"u8, output);
                break;
            case ReplyKind.Bulk:
                output.Write(colors.Text);
                Quotation.Write(reply.Bytes, output);
                Line([], [], output, colors.Text.Length > 0);
                break;
            case ReplyKind.Array or ReplyKind.Set or ReplyKind.Push or ReplyKind.Map or ReplyKind.Attribute:
                WriteItems(reply, indent, output);
                break;
            default:
                Line([], Harmless(reply.Bytes), output);
                break;
        }
    }

    private void WriteItems(Reply reply, string indent, IBufferWriter<byte> output)
    {
        bool isPaired = reply.Kind is ReplyKind.Map or ReplyKind.Attribute;
        int count = isPaired ? reply.Items.Count / 2 : reply.Items.Count;
        if (count == 0)
        {
            Line(colors.Faint, EmptyName(reply.Kind), output);
            return;
        }
        int width = count.ToString(CultureInfo.InvariantCulture).Length;
        char mark = reply.Kind == ReplyKind.Set ? '~' : isPaired ? '#' : ')';
        string inner = indent + new string(' ', width + 2);
        for (int i = 0; i < count; i++)
        {
            string number = (i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width);
            output.Write(Ascii(i == 0 ? "" : indent));
            output.Write(colors.Faint);
            output.Write(Ascii($"{number}{mark} "));
            output.Write(colors.End);
            if (!isPaired)
            {
                WriteValue(reply.Items[i], inner, output);
                continue;
            }
            ArrayBufferWriter<byte> key = new();
            WriteValue(reply.Items[2 * i], inner, key);
            output.Write(key.WrittenSpan[..^1]);
            Reply value = reply.Items[(2 * i) + 1];
            output.Write(IsMultiline(value) ? Ascii($" => \n{inner}") : " => "u8);
            WriteValue(value, inner, output);
        }
    }

    private static ReadOnlySpan<byte> EmptyName(ReplyKind kind) => kind switch
    {
        ReplyKind.Map or ReplyKind.Attribute => "(empty hash)"u8,
        ReplyKind.Set => "(empty set)"u8,
        ReplyKind.Push => "(empty push)"u8,
        _ => "(empty array)"u8,
    };

    private void Line(byte[] color, ReadOnlySpan<byte> text, IBufferWriter<byte> output, bool isColored = false)
    {
        output.Write(color);
        output.Write(text);
        output.Write(isColored || color.Length > 0 ? colors.End : []);
        output.Write("\n"u8);
    }

    private static byte[] Harmless(byte[] text)
    {
        byte[] shown = (byte[])text.Clone();
        for (int i = 0; i < text.Length; i++)
        {
            if (IsControl(text, i))
            {
                shown[i] = (byte)'.';
            }
        }
        return shown;
    }

    /// <summary>A control byte, or the second byte of a control character beyond ASCII; ends of lines are none.</summary>
    private static bool IsControl(byte[] text, int index) => text[index] switch
    {
        (byte)'\n' or (byte)'\t' => false,
        (byte)'\r' => index + 1 == text.Length || text[index + 1] != '\n',
        < (byte)' ' or 127 => true,
        >= 0x80 and < 0xA0 => index > 0 && text[index - 1] == 0xC2,
        _ => false,
    };

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
