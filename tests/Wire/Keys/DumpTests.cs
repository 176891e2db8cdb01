using System.Buffers.Binary;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>DUMP and RESTORE: payloads go both ways between the server and Redis, and damaged ones do no harm.</summary>
public sealed class DumpTests
{
    private const string BadChecksum = "-ERR DUMP payload version or checksum are wrong";
    private const string BadFormat = "-ERR Bad data format";

    /// <summary>Redis 7.0 reads up to this version; ours writes 11, whose strings are the same.</summary>
    private const byte PeerVersion = 10;

    private const int FooterSize = 10;

    public static TheoryData<string> Values =>
    [
        "", "hello", "0", "-1", "127", "-128", "128", "32767", "32768", "-32769", "2147483647", "-2147483648", "2147483648",
        "9223372036854775807", "007", "1.5", new string('a', 20), new string('a', 21), new string('a', 5000),
        string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number * 7919 % 1000},")),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Payloads_go_both_ways(string value)
    {
        using RedisPeer peer = RedisPeer.Start();
        using TestServer server = TestServer.Start();
        using RespConnection redis = peer.Connect();
        using RespConnection ours = server.Connect();
        redis.Call($"SET k \"{value}\"");
        ours.Call($"SET k \"{value}\"");
        Assert.Equal("+OK", Restore(ours, redis.Call("DUMP k").Bytes).ToString());
        Assert.Equal(value, ours.Call("GET restored").Text);
        Assert.Equal(redis.Call("OBJECT ENCODING k").Text, ours.Call("OBJECT ENCODING restored").Text);

        byte[] payload = ours.Call("DUMP k").Bytes;
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(payload.Length - FooterSize), PeerVersion);
        PayloadFooter.Sign(payload);
        Assert.Equal("+OK", Restore(redis, payload).ToString());
        Assert.Equal(value, redis.Call("GET restored").Text);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("12345")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Damaged_payloads(string value)
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call($"SET k {value}");
        byte[] payload = connection.Call("DUMP k").Bytes;
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.Equal(BadChecksum, Restore(connection, payload[..length]).ToString());
        }
        for (int bit = 0; bit < payload.Length * 8; bit++)
        {
            byte[] damaged = [.. payload];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(BadChecksum, Restore(connection, damaged).ToString());
            if (bit >= (payload.Length - FooterSize) * 8)
            {
                continue;
            }

            // With a checksum that fits, the damage can be another value; it is never more than an error.
            PayloadFooter.Sign(damaged);
            Assert.True(Restore(connection, damaged).ToString() is "+OK" or BadFormat);
        }

        Assert.Equal(value, connection.Call("GET k").Text);
    }

    [Theory]
    [InlineData("\x00\x0ahello")] // longer than the payload
    [InlineData("\x00\x80\x7f\xff\xff\xffhello")] // longer than any payload
    [InlineData("\x00\x81\x00\x00\x00\x00\x00\x00\x00\x05hello")] // not all of it is used: 64-bit length, then trailing bytes
    [InlineData("\x00\xc3\x05\x05hello")] // compressed rubbish
    [InlineData("\x00\xc1\x01")] // an integer cut off
    [InlineData("\x00\xc4\x00")] // no such encoding
    [InlineData("\x63\x05hello")] // no such type
    [InlineData("\x00")]
    [InlineData("")]
    public void Payloads_that_lie(string body)
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        byte[] payload = [.. Encoding.Latin1.GetBytes(body), PeerVersion, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        PayloadFooter.Sign(payload);
        string reply = Restore(connection, payload).ToString();
        bool isWhole = body.Contains('\x81', StringComparison.Ordinal);
        Assert.Equal(isWhole ? "+OK" : BadFormat, reply);
        Assert.Equal(":" + (isWhole ? 1 : 0), connection.Call("DBSIZE").ToString());
    }

    [Fact]
    public void Options()
    {
        using Compare compare = new();
        compare.Run(
            """
            RESTORE k 0 "\x00\x05hello\x0a\x00\x0f\x9a\x45\x83\xd8\x47\xb6\xc9" BOGUS
            SET k old
            RESTORE k -1 x REPLACE
            RESTORE-ASKING k 0 "\x00\x05hello\x0a\x00\x0f\x9a\x45\x83\xd8\x47\xb6\xc9" REPLACE
            GET k
            RESTORE k 0 x
            RESTORE none 0 x FREQ 1 IDLETIME 1
            RESTORE none 0 x IDLETIME 1 FREQ 1
            RESTORE none 0 x FREQ
            """.Split('\n'));
    }

    private static Reply Restore(RespConnection connection, byte[] payload)
    {
        connection.Send(CommandLine.Encode("RESTORE"u8.ToArray(), "restored"u8.ToArray(), "0"u8.ToArray(), payload, "REPLACE"u8.ToArray()));
        return connection.Read();
    }
}
