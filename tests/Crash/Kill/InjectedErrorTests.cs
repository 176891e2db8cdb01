using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>The real server on the real file system, whose first fdatasync fails: strace says so in the kernel's place.</summary>
public sealed class InjectedErrorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AChangeIsWrittenAgainBeforeItIsAcknowledged()
    {
        string? strace = Programs.Strace;
        Assert.SkipWhen(strace is null, "needs strace on the PATH to let fdatasync fail (on Debian: apt-get install strace)");
        string[] options = ["--appendonly", "yes", "--appendfsync", "always", "--enable-debug-command", "yes"];
        using (ServerProcess first = ServerProcess.StartIn(_folder, Programs.Server, options))
        {
            using RespConnection client = first.Connect();
            Assert.Equal("OK", client.Call("SET a 1").Text);
            first.Signal("TERM");
            Assert.Equal(0, first.WaitForExit());
        }

        string trace = _folder.File("trace");
        string wrapper = _folder.File("traced");
        File.WriteAllText(
            wrapper,
            $"#!/bin/sh\nexec {strace} -f -qq -o {trace} -e trace=fdatasync,ftruncate -e inject=fdatasync:error=EIO:when=1 "
                + $"{Programs.Server} \"$@\"\n");
        Assert.Equal(0, Files.chmod(wrapper, 448));
        using (ServerProcess traced = ServerProcess.StartIn(_folder, wrapper, options))
        {
            using RespConnection writer = traced.Connect();
            using RespConnection other = traced.Connect();
            writer.Send("SET b 2");
            Assert.Equal("OK", writer.Read().Text);
            Assert.Contains("fsync of the AOF file", traced.Output, StringComparison.Ordinal);
            string[] calls = File.ReadAllLines(trace);
            int failed = Array.FindIndex(calls, call => call.Contains("INJECTED", StringComparison.Ordinal));
            Assert.InRange(failed, 0, calls.Length);
            Assert.Contains(calls[failed..], call => call.Contains("ftruncate", StringComparison.Ordinal));
            Assert.Contains(calls[(failed + 1)..], call => call.Contains("fdatasync", StringComparison.Ordinal)
                && call.EndsWith("= 0", StringComparison.Ordinal));
            other.Send("SHUTDOWN NOSAVE");
            traced.WaitForExit();
        }

        using ServerProcess next = ServerProcess.StartIn(_folder, Programs.Server, options);
        using RespConnection reader = next.Connect();
        Assert.Equal("*[\"1\", \"2\"]", reader.Call("MGET a b").ToString());
    }
}
