using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Blocking;

/// <summary>A wait for very many keys is over for all of them at once, though its places in their queues go in slices.</summary>
public sealed class ManyKeysTests
{
    private const int KeyCount = 20_000;

    [Fact]
    public void AWaitThatWasServedTakesNothingMore()
    {
        using var scene = new BlockingScene("1");
        string keys = string.Join(' ', Enumerable.Range(0, KeyCount).Select(number => $"k{number}"));
        RespConnection client = scene.Wait($"BLPOP {keys} 0");
        scene.Judge.Call("MULTI");
        scene.Judge.Call("RPUSH k0 first");
        scene.Judge.Call($"RPUSH k{KeyCount - 1} second");
        scene.Judge.Call("EXEC");
        Assert.Equal("""*["k0", "first"]""", client.Read().ToString());
        Assert.Equal(":1", scene.Judge.Call($"LLEN k{KeyCount - 1}").ToString());
        scene.Wait(client, "BLPOP k5 k6 0");
        scene.Judge.Call("RPUSH k7 nobody");
        scene.Judge.Call("RPUSH k6 third");
        Assert.Equal("""*["k6", "third"]""", client.Read().ToString());
        Assert.Equal(":1", scene.Judge.Call("LLEN k7").ToString());
    }
}
