using System.Text;
using Bixbite.Structures.Checks;
using Xunit;

namespace Bixbite.Unit.Structures.Checks;

public sealed class ChecksumTests
{
    [Fact]
    public void Check_values_are_those_of_the_catalogue()
    {
        Assert.Equal(0xE9C6_D914_C4B8_D9CA, Crc64.Append(0, "123456789"u8));
        Assert.Equal(0x31C3, Crc16.Compute("123456789"u8));
        Assert.Equal(0UL, Crc64.Append(0, default));
        Assert.Equal(0, Crc16.Compute(default));
    }

    [Fact]
    public void A_payload_of_redis_server_has_its_checksum()
    {
        byte[] payload = Convert.FromHexString("00c30b270361626361e018020162630a00b95190299e9a736f");
        Assert.Equal(BitConverter.ToUInt64(payload.AsSpan(^8)), Crc64.Append(0, payload.AsSpan(..^8)));
    }

    [Fact]
    public void Random_texts_in_random_parts_equal_the_division_bit_by_bit()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] text = random.NextBytes(random.Next(i % 4 == 0 ? 1_000 : 100));
            int cut = random.Next(text.Length + 1);
            Assert.Equal(Divide(text), Crc64.Append(Crc64.Append(0, text.AsSpan(..cut)), text.AsSpan(cut..)));
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("foo{bar}{zap}", 5061)]
    [InlineData("{bar}", 5061)]
    [InlineData("foo{{bar}}zap", 4015)]
    public void Slots(string key, int expected) => Assert.Equal(expected, HashSlot.Of(Encoding.ASCII.GetBytes(key)));

    [Theory]
    [InlineData("foo{}{bar}", "foo{}{bar}")]
    [InlineData("foo{bar", "foo{bar")]
    [InlineData("foo}bar", "foo}bar")]
    [InlineData("}{a}", "a")]
    [InlineData("{user}.x", "user")]
    public void Tags(string key, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(HashSlot.TagOf(Encoding.ASCII.GetBytes(key))));

    [Theory]
    [InlineData("Hello world", "b6acb9d84a38ff74")]
    [InlineData("test", "9ec9f7918d7dfc40")]
    [InlineData(
        "v8lf0c11xh8ymlqztfd3eeq16kfn4sspw7fqmnuuq3k3t75em5wdizgcdw7uc26nnf961u2jkfzkjytls2kwlj7626sd",
        "00006c38adf31777")]
    public void Digests_have_sixteen_digits(string value, string expected)
    {
        ulong digest = TextDigest.Of(Encoding.ASCII.GetBytes(value));
        byte[] text = new byte[TextDigest.TextSize];
        TextDigest.Format(digest, text);
        Assert.Equal(expected, Encoding.ASCII.GetString(text));
        Assert.True(TextDigest.Matches(digest, text));
        Assert.True(TextDigest.Matches(digest, Encoding.ASCII.GetBytes(expected.ToUpperInvariant())));
        Assert.False(TextDigest.Matches(digest, text.AsSpan(1..)));
        Assert.False(TextDigest.Matches(digest + 1, text));
    }

    private static ulong Divide(ReadOnlySpan<byte> text)
    {
        ulong crc = 0;
        foreach (byte value in text)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x95AC_9329_AC4B_C9B5 : 0);
            }
        }
        return crc;
    }
}
