using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Tool.Replies;

/// <summary>Values as they are, for other programs: no quotes, an element per line. A null is an empty line, as in redis-cli.</summary>
/// <param name="elementEnd">Stands between the elements of an array.</param>
/// <param name="replyEnd">Follows a reply.</param>
internal sealed class RawFormat(byte[] elementEnd, byte[] replyEnd) : IReplyFormat
{
    public void Write(Reply reply, IBufferWriter<byte> output)
    {
        WriteValue(reply, output);
        output.Write(replyEnd);
    }

    private void WriteValue(Reply reply, IBufferWriter<byte> output)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Null:
                break;
            case ReplyKind.Error or ReplyKind.BulkError:
                output.Write(reply.Bytes);
                output.Write("\n"u8);
                break;
            case ReplyKind.Integer:
                output.Write(Encoding.ASCII.GetBytes(reply.Integer.ToString(CultureInfo.InvariantCulture)));
                break;
            case ReplyKind.Boolean:
                output.Write(reply.Integer != 0 ? "(true)"u8 : "(false)"u8);
                break;
            case ReplyKind.Array or ReplyKind.Set or ReplyKind.Push or ReplyKind.Map or ReplyKind.Attribute:
                WriteItems(reply, output);
                break;
            default:
                output.Write(reply.Bytes);
                break;
        }
    }

    private void WriteItems(Reply reply, IBufferWriter<byte> output)
    {
        bool isPaired = reply.Kind is ReplyKind.Map or ReplyKind.Attribute;
        for (int i = 0; i < reply.Items.Count; i++)
        {
            if (i > 0)
            {
                output.Write(isPaired && i % 2 == 1 ? " "u8 : elementEnd);
            }
            WriteValue(reply.Items[i], output);
        }
    }
}
