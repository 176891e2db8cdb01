using System.Text;
using Bixbite.Engine.Records;

namespace Bixbite.Unit.Persistence.Loading;

/// <summary>Notes, each a name and a text, "name=text": the simplest data that is kept beside the keys.</summary>
public sealed class NoteRecords : RecordKind
{
    /// <summary>A code that nothing of the format has.</summary>
    public const byte NoteCode = 0xF3;

    private readonly SortedDictionary<string, byte[]> _notes = new(StringComparer.Ordinal);

    public override byte Code => NoteCode;

    public override string Name => "a note";

    public override IReadOnlyList<byte[]> RequestHead { get; } = ["NOTE"u8.ToArray(), "ADD"u8.ToArray()];

    public override IEnumerable<ReadOnlyMemory<byte>> Records => _notes.Values.Select(static note => (ReadOnlyMemory<byte>)note);

    /// <summary>All of them, one after the other.</summary>
    public string All => string.Join(' ', _notes.Values.Select(Encoding.Latin1.GetString));

    public override string? Add(ReadOnlySpan<byte> record, bool replaces)
    {
        int end = record.IndexOf((byte)'=');
        if (end < 0)
        {
            return "a note has a name";
        }
        string name = Encoding.Latin1.GetString(record[..end]);
        if (!replaces && _notes.ContainsKey(name))
        {
            return $"there is a note {name} already";
        }
        _notes[name] = record.ToArray();
        return null;
    }

    public void Add(string note) => Xunit.Assert.Null(Add(Encoding.Latin1.GetBytes(note), replaces: true));

    public override void Clear() => _notes.Clear();

    public override RecordKind MakeAside() => new NoteRecords();

    public override void Adopt(RecordKind aside)
    {
        _notes.Clear();
        foreach ((string name, byte[] note) in ((NoteRecords)aside)._notes)
        {
            _notes.Add(name, note);
        }
    }
}
