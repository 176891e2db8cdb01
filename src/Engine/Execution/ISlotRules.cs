namespace Bixbite.Engine.Execution;

/// <summary>The word of a cluster on the commands that scripts call.</summary>
public interface ISlotRules
{
    /// <summary>The slot of the keys that a request names; -1 where it names none.</summary>
    int SlotOf(CommandContext context);

    /// <summary>The error for a command that a script calls; empty if it may run.</summary>
    /// <param name="context">The command's.</param>
    /// <param name="mayCross">The script may use keys of several slots.</param>
    /// <param name="slot">The slot of the script's keys so far, or -1; from now on that of this command, if there was none.</param>
    ReadOnlySpan<byte> RefusalOf(CommandContext context, bool mayCross, ref int slot);
}
