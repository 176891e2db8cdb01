using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;

namespace Bixbite.Persistence;

/// <summary>Whether a snapshot is to be saved before the end.</summary>
public enum ShutdownSaveWish
{
    /// <summary>If there are save points.</summary>
    AsConfigured,

    /// <summary>If there are save points, and the file lacks something or was not saved by this server.</summary>
    IfChanged,
    Always,
    Never,
}

/// <summary>Saves and syncs what must be on the disk before the process ends.</summary>
public sealed class ShutdownSave(Saver saver, SnapshotJobs jobs, AofControl log, DataState state, SavingTools tools)
{
    /// <summary>
    /// Brings everything to the disk while everybody waits; false if that failed, so that ending would lose data. What is
    /// <paramref name="isForced"/> ends all the same, and goes on where the other would stop.
    /// </summary>
    public bool Run(ShutdownSaveWish wish, bool isForced)
    {
        if (log.IsStarting)
        {
            tools.Log.Write(LogLevel.Warning, isForced ? "Writing initial AOF. Exit anyway." : "Writing initial AOF, can't exit.");
            if (!isForced)
            {
                return false;
            }
        }
        // What was not loaded yet must not be replaced by the part that was.
        bool isWanted = !state.IsLoading && IsWanted(wish);
        saver.Cancel();
        if (isWanted)
        {
            tools.Log.Write(LogLevel.Notice, "Saving the final RDB snapshot before exiting.");
            if (saver.SaveNow() is not null)
            {
                tools.Log.Write(LogLevel.Warning, $"Error trying to save the DB{(isForced ? ". Exit anyway." : ", can't exit.")}");
                if (!isForced)
                {
                    return false;
                }
            }
        }
        jobs.Cancel();
        if (log.IsOn)
        {
            tools.Log.Write(LogLevel.Notice, "Calling fsync() on the AOF file.");
        }
        if (!log.Finish())
        {
            tools.Log.Write(
                LogLevel.Warning, $"Error trying to write the end of the AOF file{(isForced ? ". Exit anyway." : ", can't exit.")}");
            return isForced;
        }
        return true;
    }

    private bool IsWanted(ShutdownSaveWish wish) => wish switch
    {
        ShutdownSaveWish.Always => true,
        ShutdownSaveWish.AsConfigured => saver.HasSavePoints,
        ShutdownSaveWish.IfChanged => saver.HasSavePoints && !saver.IsFileCurrent,
        _ => false,
    };
}
