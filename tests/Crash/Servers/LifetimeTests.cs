using System.Runtime.CompilerServices;
using Bixbite.Crash.Disk;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Servers;

/// <summary>Many servers live in one process, one after another: each leaves nothing.</summary>
public sealed class LifetimeTests
{
    [Theory]
    [InlineData("no", "1")]
    [InlineData("yes", "1")]
    [InlineData("yes", "4")]
    public void WhatAServerHeldIsFreeWhenItIsGone(string appendOnly, string threads)
    {
        WeakReference disk = DiskOfAServer(appendOnly, threads);
        Patience.Until(() => IsFree(disk), "something still holds a server that was disposed");
    }

    private static bool IsFree(WeakReference reference)
    {
        GC.Collect();
        return !reference.IsAlive;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference DiskOfAServer(string appendOnly, string threads)
    {
        SimulatedDisk disk = new();
        using LocalServer server = LocalServer.StartReady(disk, "--appendonly", appendOnly, "--io-threads", threads);
        Assert.Equal("OK", server.Call("SET a 1").Text);
        Assert.Equal("OK", server.Call("SAVE").Text);
        return new WeakReference(disk);
    }
}
