using Bixbite.Protocol;

namespace Bixbite.Fuzz.Targets;

/// <summary>Replies read whole, split at any offset and one byte at a time are the same, and so is whether the reader broke.</summary>
internal static class ReplyReaderTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "+OK\r\n-ERR x\r\n:12\r\n$3\r\nabc\r\n$-1\r\n*-1\r\n",
        "*2\r\n*1\r\n:1\r\n%1\r\n+a\r\n~1\r\n#t\r\n",
        "|1\r\n+ttl\r\n:3\r\n,1.5\r\n(123\r\n=7\r\ntxt:abc\r\n!5\r\nERR x\r\n_\r\n>1\r\n+m\r\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        string whole = Read(bytes, bytes.Length, bytes.Length);
        Require(whole, Read(bytes, 1, 1));
        for (int offset = 1; offset < bytes.Length; offset++)
        {
            Require(whole, Read(bytes, offset, bytes.Length));
        }
    }

    /// <summary>A first piece of one size, then pieces of another.</summary>
    private static string Read(byte[] bytes, int firstSize, int nextSize)
    {
        ReplyReader reader = new();
        List<string> replies = [];
        for (int start = 0; start < bytes.Length;)
        {
            int size = Math.Min(start == 0 ? firstSize : nextSize, bytes.Length - start);
            reader.Append(bytes.AsSpan(start, size));
            start += size;
            while (reader.TryRead(out Reply? reply))
            {
                replies.Add(reply.ToString());
            }
        }

        return string.Join('\n', replies) + (reader.IsBroken ? "\nbroken" : "");
    }

    private static void Require(string expected, string actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"Read in pieces:\n{actual}\nexpected:\n{expected}");
        }
    }
}
