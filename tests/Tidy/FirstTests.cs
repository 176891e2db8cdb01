namespace Bixbite.Tidy;
public sealed class FirstTests { [Xunit.Fact] public void Runs() => Xunit.Assert.True(true); }
