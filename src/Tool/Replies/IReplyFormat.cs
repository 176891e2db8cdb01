using System.Buffers;
using Bixbite.Protocol;

namespace Bixbite.Tool.Replies;

/// <summary>A way to print replies, with the line end that follows one.</summary>
internal interface IReplyFormat
{
    void Write(Reply reply, IBufferWriter<byte> output);
}
