using System.Globalization;
using Bixbite.Hosting.Modules;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Launcher;

/// <summary>
/// The score by which the kernel chooses whom to end when memory is out, kept in line with oom-score-adj and oom-score-adj-values. Switched
/// off it is what it was before it was switched on.
/// </summary>
internal sealed class OomScore(MachineSettings settings, ServerLog log, string path = OomScore.SystemPath)
{
    public const string SystemPath = "/proc/self/oom_score_adj";

    private const int ScoreMax = 1000;

    // Their scores among oom-score-adj-values.
    private const int PrimaryIndex = 0;
    private const int ReplicaIndex = 1;

    private int? _before;

    /// <summary>The server is a replica, which has a score of its own.</summary>
    public Func<bool> IsReplica { private get; init; } = static () => false;

    /// <summary>Writes the score if it is to be adjusted, or was; null, or CONFIG SET's error.</summary>
    public string? Apply() => TryApply() ? null : "Failed to set current oom_score_adj. Check server logs.";

    private bool TryApply()
    {
        if (settings.OomScoreAdj.Value == OomScoreMode.No)
        {
            if (_before is not { } score)
            {
                return true;
            }
            _before = null;
            return TryWrite(score);
        }
        if (_before is null)
        {
            if (Read(out int score) is < 0 and var result)
            {
                log.Write(LogLevel.Warning, $"Unable to read oom_score_adj: {Errno.Text(-result)}");
                return false;
            }
            _before = score;
        }
        int wanted = settings.OomScoreAdjValues.Value[IsReplica() ? ReplicaIndex : PrimaryIndex];
        return TryWrite(settings.OomScoreAdj.Value == OomScoreMode.Relative ? _before.Value + wanted : wanted);
    }

    private int Read(out int score)
    {
        score = 0;
        try
        {
            _ = int.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out score);
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    private bool TryWrite(int score)
    {
        try
        {
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(score, -ScoreMax, ScoreMax)}\n"));
            return true;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            log.Write(LogLevel.Warning, $"Unable to write oom_score_adj: {Errno.Text(Errno.Of(failure))}");
            return false;
        }
    }
}
