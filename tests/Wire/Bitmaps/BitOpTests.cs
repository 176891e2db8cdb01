using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Bitmaps;

/// <summary>The four operations of BITOP that Redis 8.2 added.</summary>
public sealed class BitOpTests
{
    [Fact]
    public void Difference_of_the_first_and_the_others() => Expect.Replies(
        """
        SET x "ooo" => +OK
        SET y "aa" => +OK
        SET z "DDDD" => +OK
        BITOP DIFF d x y => :3
        GET d => "\u000E\u000Eo"
        BITOP DIFF1 d x y => :3
        GETBIT d 0 => :0
        BITCOUNT d => :0
        BITOP DIFF1 d x z => :4
        BITCOUNT d => :2
        BITOP ANDOR d x y z => :4
        BITCOUNT d => :10
        BITOP ONE d x y z => :4
        BITOP DIFF d x none => :3
        GET d => "ooo"
        BITOP ANDOR d x none => :3
        BITCOUNT d => :0
        BITOP ONE d x => :3
        GET d => "ooo"
        BITOP ONE d x x => :3
        BITCOUNT d => :0
        BITOP DIFF d none none2 => :0
        EXISTS d => :0
        BITOP DIFF d x => -ERR BITOP DIFF must be called with at least two source keys.
        BITOP diff1 d x => -ERR BITOP DIFF1 must be called with at least two source keys.
        BITOP ANDOR d x => -ERR BITOP ANDOR must be called with at least two source keys.
        BITOP NAND d x y => -ERR syntax error
        """.Replace("\\u000E", "\u000E", StringComparison.Ordinal));

    /// <summary>Every operation, beside what it says bit by bit, over strings of different lengths.</summary>
    [Theory]
    [InlineData("DIFF")]
    [InlineData("DIFF1")]
    [InlineData("ANDOR")]
    [InlineData("ONE")]
    public void Equals_the_definition(string operation)
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        Random random = new(operation.Length);
        for (int round = 0; round < 50; round++)
        {
            byte[][] sources = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => Bytes(random))];
            List<byte[]> command = ["BITOP"u8.ToArray(), System.Text.Encoding.ASCII.GetBytes(operation), "d"u8.ToArray()];
            for (int index = 0; index < sources.Length; index++)
            {
                byte[] key = [(byte)('a' + index)];
                command.Add(key);
                connection.Send(CommandLine.Encode("SET"u8.ToArray(), key, sources[index]));
                connection.Read();
            }

            connection.Send(CommandLine.Encode(command));
            Assert.Equal(sources.Max(source => source.Length), connection.Read().Integer);
            Assert.Equal(Combine(operation, sources), connection.Call("GET d").Bytes);
        }
    }

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Combine(string operation, byte[][] sources)
    {
        byte[] result = new byte[sources.Max(source => source.Length)];
        for (int index = 0; index < result.Length; index++)
        {
            int[] column = [.. sources.Select(source => index < source.Length ? source[index] : 0)];
            int others = column.Skip(1).Aggregate(0, (left, right) => left | right);
            result[index] = (byte)(operation switch
            {
                "DIFF" => column[0] & ~others,
                "DIFF1" => others & ~column[0],
                "ANDOR" => column[0] & others,
                _ => Enumerable.Range(0, 8).Sum(bit => column.Count(value => (value >> bit & 1) == 1) == 1 ? 1 << bit : 0),
            });
        }

        return result;
    }
}
