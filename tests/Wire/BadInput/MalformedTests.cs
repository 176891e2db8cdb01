using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.BadInput;

/// <summary>Bytes that are no request get Redis' own error and, where Redis closes, a closed connection.</summary>
public sealed class MalformedTests : IDisposable
{
    private const int RandomPayloads = 300;

    private readonly Compare _compare = new();

    [Theory]
    [InlineData("*-1\r\nPING\r\n")]
    [InlineData("*0\r\nPING\r\n")]
    [InlineData("*x\r\n")]
    [InlineData("*\r\n")]
    [InlineData("*1 \r\n")]
    [InlineData("*+1\r\n$4\r\nPING\r\n")]
    [InlineData("*01\r\n$4\r\nPING\r\n")]
    [InlineData("*2147483648\r\n")]
    [InlineData("*99999999999999999999\r\n")]
    [InlineData("*1048577\r\n")]
    [InlineData("*1\r\n$-1\r\n")]
    [InlineData("*1\r\n$-7\r\n")]
    [InlineData("*1\r\n$\r\n")]
    [InlineData("*1\r\n$x\r\n")]
    [InlineData("*1\r\n$4x\r\nPING\r\n")]
    [InlineData("*1\r\n$536870913\r\n")]
    [InlineData("*1\r\n$99999999999999999999\r\n")]
    [InlineData("*1\r\nPING\r\n")]
    [InlineData("*1\r\n\r\n")]
    [InlineData("*1\r\n:4\r\nPING\r\n")]
    [InlineData("*1\r\n$0\r\n\r\n")]
    [InlineData("*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n")]
    [InlineData("*1\n$4\nPING\n")]
    [InlineData("PING\n")]
    [InlineData("PING")]
    [InlineData("\r\n\r\nPING\r\n")]
    [InlineData("   \r\nPING\r\n")]
    [InlineData("SET \"a\r\n")]
    [InlineData("SET \"a\"b c\r\n")]
    [InlineData("ECHO 'a\\'b'\r\n")]
    [InlineData("ECHO \"\\x41\\x4\"\r\n")]
    [InlineData("PING\r\n*1\r\n$4\r\nPING\r\n*x\r\nPING\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("NOSUCH a b c\r\n")]
    [InlineData("GET\r\n")]
    [InlineData("GET a b\r\n")]
    [InlineData("SET a\r\n")]
    public void It_is_answered_as_Redis_does(string payload) => _compare.SameAnswer(Encoding.Latin1.GetBytes(payload));

    [Theory]
    [InlineData("")]
    [InlineData("*1\r\n$")]
    [InlineData("*")]
    public void A_length_without_end_is_cut_off(string start) =>
        _compare.SameAnswer([.. Encoding.Latin1.GetBytes(start), .. Digits(70_000)]);

    [Fact]
    public void Unknown_commands_with_long_names_and_arguments_are_quoted_in_part() => _compare.SameAnswer(
    [
        .. CommandLine.Encode(new string('n', 300)),
        .. CommandLine.Encode($"nosuch {new string('a', 300)} b"),
        .. CommandLine.Encode($"nosuch {string.Join(' ', Enumerable.Range(0, 200))}"),
        .. CommandLine.Encode("\"no\\r\\nsuch\" \"a\\r\\nb\" \"\\x00\\xff\""),
    ]);

    [Fact]
    public void Random_bytes_are_answered_as_Redis_does()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < RandomPayloads; i++)
        {
            _compare.SameAnswer(RandomPayload(random));
        }
    }

    public void Dispose() => _compare.Dispose();

    private static byte[] Digits(int count) => Enumerable.Repeat((byte)'1', count).ToArray();

    /// <summary>Noise, or the bytes of a sound request with some of them changed: the second kind comes further.</summary>
    private static byte[] RandomPayload(Random random)
    {
        if (random.Next(2) == 0)
        {
            byte[] noise = new byte[random.Next(1, 500)];
            random.NextBytes(noise);
            return noise;
        }

        byte[] request = [.. CommandLine.Encode("ECHO \"some text\""), .. CommandLine.Encode("GET nothing")];
        ReadOnlySpan<byte> alphabet = "*$:0123456789\r\n\"' ax\0"u8;
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            request[random.Next(request.Length)] = alphabet[random.Next(alphabet.Length)];
        }
        return request;
    }
}
