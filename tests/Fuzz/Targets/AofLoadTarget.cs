using System.Text;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Protocol;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// A log's bytes are read to their end, or to a place where they make no sense; what was read before that place is exactly what its
/// bytes say.
/// </summary>
internal static class AofLoadTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n",
        "#TS:1700000000\r\n*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nDEL\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n",
        "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$100\r\nx\0\0\0\0",
        "*12\r\n$3\r\nDEL\r\n$12\r\nabcdefghijkl\r\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        using var heap = new Heap();
        using var file = new MemoryFile(input.ToArray());
        using var reader = new AofRequestReader(file, 0, heap);
        var repeated = new StringBuilder();
        AofReadStatus status = reader.Read();
        for (int blocks = 0; status == AofReadStatus.Requests; status = reader.Read())
        {
            if (++blocks > input.Length)
            {
                throw new InvalidOperationException("Reading does not come to an end.");
            }
            for (int i = 0; i < reader.Count; i++)
            {
                Compare(reader, i, input, repeated);
            }
        }
        bool isAtEnd = reader.Offset == input.Length;
        if (isAtEnd != (status == AofReadStatus.End))
        {
            throw new InvalidOperationException($"{status} at byte {reader.Offset} of {input.Length}");
        }
    }

    private static void Compare(AofRequestReader reader, int index, ReadOnlySpan<byte> input, StringBuilder text)
    {
        if (reader.IsAnnotation(index))
        {
            return;
        }
        ReadOnlySpan<Argument> arguments = reader.Batch.Arguments(index);
        text.Clear().Append('*').Append(arguments.Length).Append("\r\n");
        foreach (ref readonly Argument argument in arguments)
        {
            text.Append('$').Append(argument.Length).Append("\r\n").Append(argument.ToString()).Append("\r\n");
        }
        ReadOnlySpan<byte> bytes = input[(int)reader.OffsetOf(index)..(int)reader.EndOf(index)];
        if (!bytes.SequenceEqual(Encoding.Latin1.GetBytes(text.ToString())))
        {
            throw new InvalidOperationException("A request was read that is not there.");
        }
    }
}
