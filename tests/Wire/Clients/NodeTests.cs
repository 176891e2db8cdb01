using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>The most used Node client does its work against the server.</summary>
public sealed class NodeTests
{
    private const int TimeLimitMs = 4 * RespConnection.PatienceMs;

    [Fact]
    public void Ioredis_caches_counts_limits_pipelines_and_scans()
    {
        string? node = Programs.Node;
        Assert.SkipWhen(node is null, "needs node on the PATH");
        Assert.SkipUnless(
            Run(node!, "-e", "require.resolve('ioredis')").ExitCode == 0,
            "needs the npm package ioredis (npm install ioredis@6 in a folder, and NODE_PATH set to its node_modules)");

        using TestServer server = TestServer.Start();
        string script = Path.Combine(AppContext.BaseDirectory, "Clients", "ioredis.cjs");
        (int exitCode, string output) = Run(node!, script, $"{server.Address.Port}");
        Assert.True(exitCode == 0 && output.Trim() == "done", output);
    }

    private static (int ExitCode, string Output) Run(string node, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(node, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeLimitMs))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("node did not end in time");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
