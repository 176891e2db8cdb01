namespace Bixbite.Persistence.Aof;

/// <summary>One file of the append only log, as its manifest names it.</summary>
/// <param name="Name">A file in the folder of the manifest.</param>
/// <param name="Sequence">Counts the files of its kind; never 0.</param>
/// <param name="Kind">What it is to the log.</param>
public sealed record AofFile(string Name, long Sequence, AofFileKind Kind);

/// <summary>The role of a file in the log; the values are the letters in the manifest.</summary>
public enum AofFileKind : byte
{
    /// <summary>The whole data as it was when the log was last rewritten.</summary>
    Base = (byte)'b',

    /// <summary>Replaced by a rewrite; may be deleted.</summary>
    History = (byte)'h',

    /// <summary>The requests after the base, or after the increment before it.</summary>
    Increment = (byte)'i',
}
