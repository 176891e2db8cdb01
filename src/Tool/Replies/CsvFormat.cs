using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Tool.Replies;

/// <summary>A line of values between commas; whatever is nested stands flat.</summary>
internal sealed class CsvFormat : IReplyFormat
{
    public void Write(Reply reply, IBufferWriter<byte> output)
    {
        WriteValue(reply, output);
        output.Write("\n"u8);
    }

    private static void WriteValue(Reply reply, IBufferWriter<byte> output)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Null:
                output.Write("NULL"u8);
                break;
            case ReplyKind.Error or ReplyKind.BulkError:
                output.Write("ERROR,"u8);
                Quotation.Write(reply.Bytes, output);
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
            case ReplyKind.Array or ReplyKind.Set or ReplyKind.Push or ReplyKind.Map or ReplyKind.Attribute:
                for (int i = 0; i < reply.Items.Count; i++)
                {
                    if (i > 0)
                    {
                        output.Write(","u8);
                    }
                    WriteValue(reply.Items[i], output);
                }
                break;
            default:
                Quotation.Write(reply.Bytes, output);
                break;
        }
    }
}
