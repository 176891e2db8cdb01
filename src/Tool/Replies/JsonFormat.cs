using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Tool.Replies;

/// <summary>A JSON value per line; keys of maps that are no strings become strings.</summary>
/// <param name="isAscii">Bytes beyond ASCII and control bytes stand as \\xhh, so that any value can be told from its text.</param>
internal sealed class JsonFormat(bool isAscii) : IReplyFormat
{
    public void Write(Reply reply, IBufferWriter<byte> output)
    {
        WriteValue(reply, output);
        output.Write("\n"u8);
    }

    private void WriteValue(Reply reply, IBufferWriter<byte> output)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Null:
                output.Write("null"u8);
                break;
            case ReplyKind.Error or ReplyKind.BulkError:
                output.Write("error:"u8);
                WriteText(reply.Bytes, output);
                break;
            case ReplyKind.Integer:
                output.Write(Encoding.ASCII.GetBytes(reply.Integer.ToString(CultureInfo.InvariantCulture)));
                break;
            case ReplyKind.Boolean:
                output.Write(reply.Integer != 0 ? "true"u8 : "false"u8);
                break;
            case ReplyKind.Double or ReplyKind.BigNumber:
                output.Write(reply.Bytes);
                break;
            case ReplyKind.Array or ReplyKind.Set or ReplyKind.Push:
                WriteItems(reply, output, "["u8, "]"u8);
                break;
            case ReplyKind.Map or ReplyKind.Attribute:
                WriteItems(reply, output, "{"u8, "}"u8);
                break;
            default:
                WriteText(reply.Bytes, output);
                break;
        }
    }

    private void WriteItems(Reply reply, IBufferWriter<byte> output, ReadOnlySpan<byte> start, ReadOnlySpan<byte> end)
    {
        bool isPaired = start[0] == '{';
        output.Write(start);
        for (int i = 0; i < reply.Items.Count; i++)
        {
            if (i > 0)
            {
                output.Write(isPaired && i % 2 == 1 ? ":"u8 : ","u8);
            }
            if (isPaired && i % 2 == 0)
            {
                WriteKey(reply.Items[i], output);
            }
            else
            {
                WriteValue(reply.Items[i], output);
            }
        }
        output.Write(end);
    }

    private void WriteKey(Reply key, IBufferWriter<byte> output)
    {
        ArrayBufferWriter<byte> text = new();
        WriteValue(key, text);
        bool isText = key.IsError || text.WrittenSpan[0] == '"';
        output.Write(isText ? ""u8 : "\""u8);
        output.Write(text.WrittenSpan);
        output.Write(isText ? ""u8 : "\""u8);
    }

    private void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (isAscii)
        {
            Quotation.Write(text, output, hasDoubledBackslashes: true);
            return;
        }
        output.Write("\""u8);
        foreach (byte letter in text)
        {
            WriteLetter(letter, output);
        }
        output.Write("\""u8);
    }

    private static void WriteLetter(byte letter, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> escape = letter switch
        {
            (byte)'\\' => "\\\\"u8,
            (byte)'"' => "\\\""u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\f' => "\\f"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\b' => "\\b"u8,
            _ => [],
        };
        if (escape.Length > 0)
        {
            output.Write(escape);
        }
        else if (letter < ' ')
        {
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{letter:x4}")));
        }
        else
        {
            output.Write([letter]);
        }
    }
}
