using System.Diagnostics;
using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

/// <summary>Each crime against memory is committed in a process of its own, which must not survive it.</summary>
public sealed class FenceTests
{
    private const string CrimeVariable = "BIXBITE_FENCE_CRIME";
    private const string Survived = "the crime went unnoticed";

    [Fact]
    public void IsOnInTheUnitTests() => Assert.True(Fence.IsOn);

    [Theory]
    [InlineData("none", true)]
    [InlineData("read-beyond", false)]
    [InlineData("write-slack", false)]
    [InlineData("use-after-free", false)]
    [InlineData("double-free", false)]
    [InlineData("invariant", false)]
    public async Task EveryCrimeStopsTheProcess(string crime, bool isSurvived)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--filter-method");
        start.ArgumentList.Add($"{typeof(FenceTests).FullName}.{nameof(Crime)}");
        start.Environment[CrimeVariable] = crime;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isSurvived, child.ExitCode == 0);
        Assert.True(isSurvived || !output.Contains(Survived, StringComparison.Ordinal), output);
        if (crime == "invariant")
        {
            Assert.Contains("Bixbite invariant violated: the test says so (FenceTests.cs:", output, StringComparison.Ordinal);
        }
    }

    /// <summary>Does nothing unless it runs in a child process that was told what to do.</summary>
    [Fact]
    public void Crime()
    {
        using var heap = new Heap();
        ulong block = heap.Allocate(13);
        ulong length = 13;
        byte read = 0;
        switch (Environment.GetEnvironmentVariable(CrimeVariable))
        {
            case "read-beyond":
                read = Native.At<byte>(block + 16);
                break;
            case "write-slack":
                Native.At<byte>(block + length) = 0;
                heap.Free(block);
                break;
            case "use-after-free":
                heap.Free(block);
                read = Native.At<byte>(block);
                break;
            case "double-free":
                heap.Free(block);
                heap.Free(block);
                break;
            case "invariant":
                Invariant.Require(read == 1, "the test says so");
                break;
            default:
                return;
        }
        Assert.Fail(Survived + read);
    }
}
