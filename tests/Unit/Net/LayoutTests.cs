using System.Runtime.CompilerServices;
using Bixbite.Net;
using Xunit;

namespace Bixbite.Unit.Net;

public sealed class LayoutTests
{
    [Fact]
    public void AnOutputBlockIsItsHeader() => Assert.Equal(OutputBlock.HeaderSize, Unsafe.SizeOf<OutputBlock>());
}
