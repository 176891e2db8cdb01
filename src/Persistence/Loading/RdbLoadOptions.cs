using Bixbite.Engine.Records;
using Bixbite.Persistence.Values;

namespace Bixbite.Persistence.Loading;

/// <summary>How an RDB file is loaded.</summary>
/// <param name="NowMs">Unix milliseconds: what was due by then is left out.</param>
/// <param name="Codecs">Read the values.</param>
/// <param name="KeepsDueKeys">Nothing is left out: what follows the file tells of it (the base of an append only file).</param>
/// <param name="IsChecked">The file's checksum must be right.</param>
/// <param name="IsDry">The keys are read and forgotten: the file is only checked.</param>
/// <param name="ReplacesKeys">A key or record that is there already is replaced; otherwise the file is taken for damaged.</param>
/// <param name="KeyDelayUs">A rest after each key, in microseconds, for tests (key-load-delay); asked each time.</param>
internal sealed record RdbLoadOptions(
    long NowMs, ValueCodecs Codecs, bool KeepsDueKeys = false, bool IsChecked = true, bool IsDry = false, bool ReplacesKeys = false,
    Func<int>? KeyDelayUs = null)
{
    /// <summary>Get the records beside the keys; a file that has others is refused.</summary>
    public RecordKinds Records { get; init; } = new();

    /// <summary>The mark that must follow the file; empty if there is none.</summary>
    public byte[] EndMark { get; init; } = [];

    /// <summary>Nothing else may follow.</summary>
    public bool IsAlone { get; init; }
}
