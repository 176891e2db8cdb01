using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class DoorbellTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARingIsNotLost(bool isPortable)
    {
        using Doorbell bell = new(isPortable);
        bell.Ring();
        bell.Ring();
        bell.Wait();
        bell.Wait(timeoutMs: 0);
        bell.Ring();
        bell.Wait(timeoutMs: Patience.LimitMs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachWaitEnds(bool isPortable)
    {
        using Doorbell there = new(isPortable);
        using Doorbell back = new(isPortable);
        int count = 0;
        Thread thread = new(() =>
        {
            for (int index = 0; index < 1000; index++)
            {
                there.Wait();
                Volatile.Write(ref count, index + 1);
                back.Ring();
            }
        });
        thread.Start();
        for (int index = 0; index < 1000; index++)
        {
            there.Ring();
            while (Volatile.Read(ref count) <= index)
            {
                back.Wait(timeoutMs: 1000);
            }
        }
        Assert.True(thread.Join(Patience.LimitMs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AfterTheEndItRingsForNobody(bool isPortable)
    {
        Doorbell bell = new(isPortable);
        bell.Dispose();
        bell.Ring();
    }
}
