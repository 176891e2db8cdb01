using System.Diagnostics;

namespace Bixbite.Load.Servers;

/// <summary>Holds a lock file as flock(1) does, in the queue with all others that wait for it, until disposed.</summary>
internal sealed class Turn : IDisposable
{
    private readonly Process _holder;

    public Turn(string path)
    {
        _holder = Process.Start(new ProcessStartInfo("flock", [path, "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (_holder.StandardOutput.ReadLine() != "held")
        {
            throw new IOException($"cannot lock {path}");
        }
    }

    public void Dispose()
    {
        // The holder ends with its input, and so it does when this program dies.
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
