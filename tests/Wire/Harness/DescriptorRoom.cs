using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Bixbite.Wire.Harness;

/// <summary>How many more descriptors a server may open, as <c>prlimit</c> sets it while it runs.</summary>
[SupportedOSPlatform("linux")]
internal static class DescriptorRoom
{
    private const string Program = "/usr/bin/prlimit";

    /// <summary>Skips the test where there is no such program.</summary>
    public static void Require() => Assert.SkipUnless(File.Exists(Program), "needs prlimit (on Debian: apt-get install util-linux)");

    /// <summary>
    /// Starts a server that can do without more descriptors: where it is compiled while it runs, the runtime ends a process that has none
    /// left for a compiling thread of its own, so everything is compiled once.
    /// </summary>
    public static ServerProcess Start(TempFolder folder, params string[] options)
    {
        string script = folder.File("start");
        File.WriteAllText(script, $"#!/bin/sh\nDOTNET_TieredCompilation=0 exec '{Programs.Server}' \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return ServerProcess.StartIn(folder, script, options);
    }

    /// <summary>So many more may be opened than are open.</summary>
    public static void Set(ServerProcess server, int moreCount)
    {
        HashSet<int> taken = [.. Directory.GetFileSystemEntries($"/proc/{server.Id}/fd")
            .Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];
        int limit = 0;
        for (int free = 0; free < moreCount || taken.Contains(limit); limit++)
        {
            free += taken.Contains(limit) ? 0 : 1;
        }
        using Process process = Process.Start(Program, ["--pid", $"{server.Id}", $"--nofile={limit}:"]);
        Assert.True(process.WaitForExit(Patience.LimitMs) && process.ExitCode == 0, "prlimit failed");
    }
}
