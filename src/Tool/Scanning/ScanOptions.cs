using Bixbite.Tool.Options;

namespace Bixbite.Tool.Scanning;

internal enum ScanKind
{
    None,
    List,
    Elements,
    Memory,
    Uses,
}

/// <summary>The options of <c>bixbite cli</c> that look at all keys.</summary>
internal sealed class ScanOptions
{
    public ScanKind Kind { get; private set; }

    public string Pattern { get; private set; } = "";

    public int Count { get; private set; } = 1000;

    /// <summary>How many keys of each type are shown.</summary>
    public int Top { get; private set; } = 5;

    public int? SampleCount { get; private set; }

    public IEnumerable<Option> Declare() =>
    [
        new(["--scan"], "", "Print the names of all keys.", _ => Kind = ScanKind.List),
        new(["--bigkeys"], "", "Find the keys with the most elements.", _ => Kind = ScanKind.Elements),
        new(["--memkeys"], "", "Find the keys that take the most memory.", _ => Kind = ScanKind.Memory),
        new(
            ["--memkeys-samples"], "number", "The same, looking at so many elements of a key; 0 for all.",
            value => (Kind, SampleCount) = (ScanKind.Memory, OptionReader.Number("--memkeys-samples", value, 0, int.MaxValue))),
        new(["--hotkeys"], "", "Find the keys that are used most, under a policy of LFU.", _ => Kind = ScanKind.Uses),
        new(["--pattern"], "glob", "Only keys of which this is a pattern (default: all).", value => Pattern = value),
        new(
            ["--count"], "number", "About how many keys at once (default: 1000).",
            value => Count = OptionReader.Number("--count", value, 1, 10_000)),
        new(
            ["--top"], "number", "How many keys of each type are shown (default: 5).",
            value => Top = OptionReader.Number("--top", value, 1, 10_000)),
    ];
}
