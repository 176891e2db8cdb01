using System.Buffers;
using Bixbite.Protocol;
using Bixbite.Tool.Replies;

namespace Bixbite.Fuzz.Targets;

/// <summary>Whatever a server sends, the tool's client prints it in every way, and takes no more memory for it than it may.</summary>
internal static class PrintedReplyTarget
{
    private const int SizeMax = 4096;

    private static readonly IReplyFormat[] s_formats =
    [
        new PersonFormat(ReplyColors.None), new PersonFormat(ReplyColors.Ansi), new RawFormat("\n"u8.ToArray(), "\n"u8.ToArray()),
        new CsvFormat(), new JsonFormat(isAscii: false), new JsonFormat(isAscii: true),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        ReplyReader reader = new(SizeMax, SizeMax);
        reader.Append(input);
        while (reader.TryRead(out Reply? reply))
        {
            if (Count(reply) > SizeMax / 128)
            {
                throw new InvalidOperationException("a reply has more elements than it may have");
            }
            foreach (IReplyFormat format in s_formats)
            {
                ArrayBufferWriter<byte> text = new();
                format.Write(reply, text);
                Check(format, text.WrittenSpan);
            }
        }
    }

    private static int Count(Reply reply) => 1 + reply.Items.Sum(Count);

    /// <summary>Every reply ends its line, and what people see has no control bytes but the colours.</summary>
    private static void Check(IReplyFormat format, ReadOnlySpan<byte> text)
    {
        bool isBad = text.Length == 0 || text[^1] != '\n'
            || (format == s_formats[0] && text.IndexOfAnyInRange((byte)14, (byte)31) >= 0)
            || (format == s_formats[5] && text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') != text.Length - 1);
        if (isBad)
        {
            throw new InvalidOperationException($"{format.GetType().Name} has printed {Convert.ToHexString(text)}");
        }
    }
}
