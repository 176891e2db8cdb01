using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;
using Ascii = Bixbite.Structures.Text.Ascii;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Which files the append only log consists of, and in which order they are to be loaded: the base, then the increments. Its file lies
/// beside them, a line for each, byte for byte as Redis 7 writes it:
/// <code>
///   file appendonly.aof.2.base.rdb seq 2 type b
///   file appendonly.aof.1.incr.aof seq 1 type h        replaced, to be deleted
///   file appendonly.aof.2.incr.aof seq 2 type i
///   file "append only.3.incr.aof" seq 3 type i         quoted where the name has blanks, quotes or unprintable bytes
/// </code>
/// The manifest is the commit point of every change to the set of files: whoever changes it writes a <see cref="Copy"/> to the disk first
/// and takes the copy for the manifest only then.
/// </summary>
public sealed class AofManifest
{
    private readonly List<AofFile> _history;
    private readonly List<AofFile> _increments;

    /// <summary>A manifest of no files.</summary>
    public AofManifest()
    {
        _history = [];
        _increments = [];
    }

    private AofManifest(AofManifest other)
    {
        Base = other.Base;
        _history = [.. other._history];
        _increments = [.. other._increments];
        CurrentBaseSequence = other.CurrentBaseSequence;
        CurrentIncrementSequence = other.CurrentIncrementSequence;
    }

    public AofFile? Base { get; private set; }

    /// <summary>Files that are no longer part of the log.</summary>
    public IReadOnlyList<AofFile> History => _history;

    /// <summary>In the order of their sequences; the last one is being written.</summary>
    public IReadOnlyList<AofFile> Increments => _increments;

    /// <summary>The sequence of the latest base; 0 if there was none.</summary>
    public long CurrentBaseSequence { get; private set; }

    /// <summary>The sequence of the latest increment; 0 if there was none.</summary>
    public long CurrentIncrementSequence { get; private set; }

    /// <summary>There is nothing to load.</summary>
    public bool IsEmpty => Base is null && _increments.Count == 0;

    /// <summary>The files to load, in this order.</summary>
    public IEnumerable<AofFile> Files => Base is null ? _increments : _increments.Prepend(Base);

    /// <summary>The manifest's own name, given the setting appendfilename.</summary>
    public static string NameFor(string appendFileName) => appendFileName + ".manifest";

    /// <summary>The name under which it is written before it takes its own.</summary>
    public static string TemporaryNameFor(string appendFileName) => "temp-" + NameFor(appendFileName);

    /// <summary>Reads a manifest's bytes; otherwise tells what is wrong in which line.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> text, [NotNullWhen(true)] out AofManifest? manifest, [NotNullWhen(false)] out string? problem)
    {
        var reader = new AofManifestReader(text);
        manifest = reader.Read();
        problem = reader.Problem;
        return manifest is not null;
    }

    /// <summary>The manifest of a log that was a single file until now: that file is its base.</summary>
    public static AofManifest OfSingleFile(string name)
    {
        var manifest = new AofManifest();
        manifest.Add(new AofFile(name, 1, AofFileKind.Base));
        return manifest;
    }

    public AofManifest Copy() => new(this);

    /// <summary>The bytes of its file.</summary>
    public byte[] Format()
    {
        var text = new StringBuilder();
        IEnumerable<AofFile> files = _history.Concat(_increments);
        foreach (AofFile file in Base is null ? files : files.Prepend(Base))
        {
            text.Append(CultureInfo.InvariantCulture, $"file {Printed(file.Name)} seq {file.Sequence} type {(char)file.Kind}\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Puts a new base in the place of the old one, which becomes history.</summary>
    public AofFile AddBase(string appendFileName, bool isRdb)
    {
        if (Base is not null)
        {
            _history.Insert(0, Base with { Kind = AofFileKind.History });
            Base = null;
        }
        long sequence = CurrentBaseSequence + 1;
        string name = string.Create(CultureInfo.InvariantCulture, $"{appendFileName}.{sequence}.base.{(isRdb ? "rdb" : "aof")}");
        return Add(new AofFile(name, sequence, AofFileKind.Base));
    }

    /// <summary>Adds an increment behind the others.</summary>
    public AofFile AddIncrement(string appendFileName)
    {
        long sequence = CurrentIncrementSequence + 1;
        string name = string.Create(CultureInfo.InvariantCulture, $"{appendFileName}.{sequence}.incr.aof");
        return Add(new AofFile(name, sequence, AofFileKind.Increment));
    }

    /// <summary>A base contains what the increments say: they become history, all but the one that is being written.</summary>
    public void RetireIncrements(bool keepsLast)
    {
        int count = _increments.Count - (keepsLast && _increments.Count > 0 ? 1 : 0);
        _history.InsertRange(0, _increments.Take(count).Select(file => file with { Kind = AofFileKind.History }));
        _increments.RemoveRange(0, count);
    }

    /// <summary>The files of the history are deleted.</summary>
    public void ForgetHistory() => _history.Clear();

    internal AofFile Add(AofFile file)
    {
        switch (file.Kind)
        {
            case AofFileKind.Base:
                Base = file;
                CurrentBaseSequence = file.Sequence;
                break;
            case AofFileKind.Increment:
                _increments.Add(file);
                CurrentIncrementSequence = file.Sequence;
                break;
            default:
                _history.Add(file);
                break;
        }
        return file;
    }

    private static string Printed(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        bool isPlain = true;
        foreach (byte letter in bytes)
        {
            isPlain &= Ascii.IsPrintable(letter) && letter is not ((byte)' ' or (byte)'"' or (byte)'\'' or (byte)'\\');
        }
        if (isPlain)
        {
            return name;
        }
        byte[] quoted = new byte[Quoted.SizeOf(bytes)];
        Quoted.Format(bytes, quoted);
        return Encoding.ASCII.GetString(quoted);
    }
}
