using Bixbite.Engine.Records;

namespace Bixbite.Scripting.Functions;

/// <summary>
/// The libraries as records beside the keys: in an RDB file a text each, in a log a FUNCTION LOAD. It owns the set in use.
/// </summary>
internal sealed class FunctionRecords(Func<FunctionSet> create) : RecordKind
{
    /// <summary>RDB's code for a library (FUNCTION2).</summary>
    public const byte LibraryCode = 0xF5;

    /// <summary>The libraries in use.</summary>
    public FunctionSet Current { get; private set; } = create();

    public override byte Code => LibraryCode;

    public override string Name => "a library of functions";

    public override IReadOnlyList<byte[]> RequestHead { get; } = ["FUNCTION"u8.ToArray(), "LOAD"u8.ToArray()];

    public override IEnumerable<ReadOnlyMemory<byte>> Records => Current.Catalog.Libraries.Select(static library => library.Source);

    /// <summary>A file's libraries are loaded however long that takes.</summary>
    public override string? Add(ReadOnlySpan<byte> record, bool replaces) => Current.Add(record, replaces, limitMs: 0, out _);

    public override void Clear() => Current.Clear();

    public override RecordKind MakeAside() => new FunctionRecords(create);

    public override void Adopt(RecordKind aside) => Adopt(((FunctionRecords)aside).Current);

    /// <summary>A set takes the place of the one in use.</summary>
    public void Adopt(FunctionSet set)
    {
        Current.Dispose();
        Current = set;
    }
}
