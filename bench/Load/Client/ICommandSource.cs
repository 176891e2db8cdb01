namespace Bixbite.Load.Client;

/// <summary>Writes the commands of a run, one after the other.</summary>
internal interface ICommandSource
{
    /// <summary>Replies that the commands of one step bring.</summary>
    int RepliesPerStep => 1;

    /// <summary>
    /// Writes the command or commands of step <paramref name="step"/>; returns their size. <paramref name="target"/> is large enough.
    /// </summary>
    int Write(Span<byte> target, int step);
}
