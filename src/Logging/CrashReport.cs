using System.Globalization;
using System.Text;
using Bixbite.Platform;

namespace Bixbite.Logging;

/// <summary>
/// The last thing a dying server writes: what it was, what it did and where it failed. It names the latest command but none of its
/// arguments, which belong to users.
/// </summary>
public sealed class CrashReport
{
    private readonly ServerLog _log;
    private readonly IClock _clock;
    private readonly string _version;
    private readonly long _startedUs;
    private volatile bool _isWritten;

    /// <summary>To be made when the server starts, since the report says for how long it ran.</summary>
    public CrashReport(ServerLog log, IClock clock, string version)
    {
        _log = log;
        _clock = clock;
        _version = version;
        _startedUs = clock.MonotonicUs;
    }

    /// <summary>The name of the command being run or last run, null before the first; asked only when a report is written.</summary>
    public Func<string?> CurrentCommand { get; set; } = () => null;

    /// <summary>Bytes in use by data and all that belongs to it; asked only when a report is written.</summary>
    public Func<long> UsedMemory { get; set; } = () => 0;

    /// <summary>From crash-log-enabled.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Reports every exception that nobody catches, on any thread, and every signal that ends the process.</summary>
    public void Install()
    {
        AppDomain.CurrentDomain.UnhandledException += (_, failure) => Write(failure.ExceptionObject);
        FatalSignals.Watch(Write);
    }

    /// <summary>Reports a signal, unless it is how the runtime ends the process after an exception that was reported.</summary>
    public void Write(FatalSignal signal)
    {
        if (!_isWritten)
        {
            Write(Describe(signal));
        }
    }

    public void Write(object failure)
    {
        _isWritten = true;
        if (IsOn)
        {
            _log.WriteRaw(Compose(failure));
        }
    }

    internal string Compose(object failure)
    {
        StringBuilder text = new();
        text.Append("\n\n=== BIXBITE BUG REPORT START: please keep all of this ===\n");
        Line(text, "bixbite_version", _version);
        Line(text, "process_id", Environment.ProcessId);
        Line(text, "uptime_in_seconds", (_clock.MonotonicUs - _startedUs) / 1_000_000);
        Line(text, "time", DateTime.UnixEpoch.AddMilliseconds(_clock.UnixMs).ToString("u", CultureInfo.InvariantCulture));
        Line(text, "thread", Environment.CurrentManagedThreadId);
        Line(text, "command", Ask(CurrentCommand) ?? "(none)");
        Line(text, "used_memory", Ask(UsedMemory));
        Line(text, "used_memory_rss", ProcessFacts.ResidentBytes());
        text.Append("\n------ FAILURE ------\n").Append(failure).Append('\n');
        text.Append("\n=== BIXBITE BUG REPORT END ===\n");
        return text.ToString();
    }

    internal static string Describe(FatalSignal signal)
    {
        string cause = signal.Code > 0
            ? string.Create(CultureInfo.InvariantCulture, $"accessing address 0x{signal.Address:x}, si_code {signal.Code}")
            : string.Create(CultureInfo.InvariantCulture, $"sent by process {signal.SenderId}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"crashed by signal {signal.Number} ({signal.Name}), {cause}\n"
                + $"instruction:0x{signal.InstructionAddress:x}\nstack:0x{signal.StackAddress:x}");
    }

    private static void Line<T>(StringBuilder text, string name, T value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}:{value}\n");

    /// <summary>State may be in ruins by now; a report with a gap is better than none.</summary>
    private static T? Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return default;
        }
    }
}
