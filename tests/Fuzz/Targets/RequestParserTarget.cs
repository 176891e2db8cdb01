using Bixbite.Protocol;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Whatever the bytes: parsed whole, split at any offset and one at a time give the same requests and the same end, and those are what a
/// plain parser finds that knows nothing of speed or fragments. The first byte of the input chooses the limits.
/// </summary>
internal static class RequestParserTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "a*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n",
        "a*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$12\r\nabcdefghijkl\r\n",
        "aSET key \"a \\x41\\n\" 'b\\'c'\r\nPING\n",
        "a*0\r\n*-1\r\n\r\n  \n*1\r\n$0\r\n\r\n",
        "b*11\r\n$1\r\na\r\n",
        "a*2147483647\r\n$536870912\r\nx",
        "a*10\r\n$100\r\n" + new string('x', 100) + "\r\n:1\r\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }
        ParseLimits limits = (input[0] & 3) == 2 ? ParseLimits.Unauthenticated : ParseLimits.Default;
        byte[] bytes = input[1..].ToArray();
        using GuardedInput memory = new(bytes.Length);
        string expected = PlainRequestParser.Parse(bytes, limits);
        Require(expected, Feed(memory, bytes, [bytes.Length], limits), "whole");
        Require(expected, Feed(memory, bytes, Enumerable.Range(1, bytes.Length), limits), "byte by byte");
        for (int offset = 1; offset < bytes.Length; offset++)
        {
            Require(expected, Feed(memory, bytes, [offset, bytes.Length], limits), $"split at {offset}");
        }
    }

    /// <summary>Shows the parser the input up to each of the ends in turn.</summary>
    private static string Feed(GuardedInput memory, byte[] bytes, IEnumerable<int> ends, ParseLimits limits)
    {
        using RequestBatch batch = new(memory.Heap);
        RequestParser parser = new();
        ParseState? state = null;
        RequestTranscript transcript = new();
        int consumed = 0;
        foreach (int end in ends)
        {
            ParseResult result;
            do
            {
                ReadOnlySpan<byte> pending = bytes.AsSpan(consumed, end - consumed);
                result = parser.Parse(memory.Place(pending), pending.Length, batch, ref state, limits);
                for (int index = 0; index < batch.Count; index++)
                {
                    transcript.BeginRequest();
                    foreach (Argument argument in batch.Arguments(index))
                    {
                        transcript.Argument(argument.Bytes);
                    }
                }

                batch.Clear();
                consumed += result.Consumed;
            }
            while (result.Status == ParseStatus.LimitReached);

            if (result.Status == ParseStatus.ProtocolError)
            {
                return transcript.End(result.Error, result.Unexpected, consumed);
            }
            if ((result.Status == ParseStatus.Done) != (consumed == end) || (state is null) != (consumed == end))
            {
                throw new InvalidOperationException($"{result} leaves {end - consumed} bytes.");
            }
        }

        return transcript.End(ProtocolError.None, 0, consumed);
    }

    private static void Require(string expected, string actual, string how)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"Parsed {how}:\n{actual}\nexpected:\n{expected}");
        }
    }
}
