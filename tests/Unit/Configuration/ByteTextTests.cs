using Bixbite.Configuration;
using CsCheck;
using Xunit;

namespace Bixbite.Unit.Configuration;

public sealed class ByteTextTests
{
    [Fact]
    public void AnyBytesComeBack() =>
        Gen.Byte.Array[0, 64].Sample(bytes => ByteText.Encode(ByteText.Decode(bytes)).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void ValidTextIsItself()
    {
        const string text = "päss wörd \U0001F34D";
        Assert.Equal(text, ByteText.Decode(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text), ByteText.Encode(text));
    }
}
