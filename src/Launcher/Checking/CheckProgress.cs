using System.Diagnostics;
using System.Globalization;

namespace Bixbite.Launcher.Checking;

/// <summary>Tells every few seconds how far the check of a long file has come.</summary>
internal sealed class CheckProgress(TextWriter output)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    private string _name = "";
    private long _length;
    private long _saidAt;

    public void Begin(string name, long length)
    {
        _name = name;
        _length = length;
        _saidAt = Stopwatch.GetTimestamp();
    }

    public void Report(long position)
    {
        if (Stopwatch.GetElapsedTime(_saidAt) < s_interval)
        {
            return;
        }
        _saidAt = Stopwatch.GetTimestamp();
        double percent = 100.0 * position / Math.Max(_length, 1);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_name}: {percent:0.0}% checked"));
    }
}
