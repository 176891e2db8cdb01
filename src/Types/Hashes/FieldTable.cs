using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>
/// A large hash: the index of its entries, opened over the root block. Every change keeps three things in step: the entry's own
/// deadline, the index's, and the root's next one.
/// </summary>
internal readonly struct FieldTable
{
    private const int DueBatch = 64;

    private readonly ValueContext _context;
    private readonly ulong _root;
    private readonly HashIndex<FieldKeys> _index;

    private readonly IndexSnapshot<FieldKeys>? _saving;

    internal FieldTable(ValueContext context, ulong root, IndexSnapshot<FieldKeys>? saving = null)
    {
        _saving = saving;
        _context = context;
        _root = root;
        _index = HashRoot.IndexOf(context, root);
    }

    internal HashIndex<FieldKeys> Index => _index;

    internal long Count => _index.Count;

    /// <summary>When the next field expires, or some time before that; or <see cref="FieldDeadlines.None"/>.</summary>
    internal long NextDeadlineMs => _index.VolatileCount == 0 ? FieldDeadlines.None : Root.NextDeadlineMs;

    private ref HashRoot Root => ref Native.At<HashRoot>(_root);

    internal bool TryFind(ReadOnlySpan<byte> field, out FieldEntry entry)
    {
        IndexPosition position = _index.Find(_index.HashOf(field), field);
        entry = position.IsFound ? new FieldEntry(_index.EntryAt(position)) : default;
        return position.IsFound;
    }

    /// <summary>True if the field is new.</summary>
    internal bool Set(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, bool keepsDeadline)
    {
        ulong hash = _index.HashOf(field);
        _saving?.BeforeChange(hash);
        IndexPosition position = _index.Find(hash, field);
        if (!position.IsFound)
        {
            _index.Insert(hash, FieldEntry.Create(_context.Heap, field, value, FieldDeadlines.None).Address);
            return true;
        }
        if (!keepsDeadline)
        {
            SetDeadline(position, FieldDeadlines.None);
        }
        var entry = new FieldEntry(_index.EntryAt(position));
        position.Link.Address = entry.WithValue(_context, value).Address;
        return false;
    }

    /// <summary>Takes over an entry whose field is not there.</summary>
    internal void Insert(FieldEntry entry)
    {
        ulong hash = _index.HashOf(entry.Field);
        _saving?.BeforeChange(hash);
        IndexPosition position = _index.Insert(hash, entry.Address);
        if (entry.HasDeadline)
        {
            NoteDeadline(position, entry.DeadlineMs);
        }
    }

    internal bool Remove(ReadOnlySpan<byte> field)
    {
        IndexPosition position = _index.Find(_index.HashOf(field), field);
        if (!position.IsFound)
        {
            return false;
        }
        _saving?.BeforeChange(position);
        ulong entry = _index.EntryAt(position);
        _index.Remove(position);
        _context.Pinned.Free(entry);
        return true;
    }

    /// <summary>Sets when a field expires that is there, or with <see cref="FieldDeadlines.None"/> that it does not.</summary>
    internal void SetDeadline(ReadOnlySpan<byte> field, long deadlineMs)
    {
        IndexPosition position = _index.Find(_index.HashOf(field), field);
        Debug.Assert(position.IsFound, "A deadline is set on a field that exists.");
        SetDeadline(position, deadlineMs);
    }

    /// <summary>Removes up to so many fields whose time was before <paramref name="nowMs"/>, and returns how many.</summary>
    internal int RemoveDue<TDue>(long nowMs, int countMax, TDue told)
        where TDue : struct, IDueFields
    {
        if (NextDeadlineMs >= nowMs)
        {
            return 0;
        }
        Span<ulong> due = stackalloc ulong[DueBatch];
        int removed = 0;
        int found;
        do
        {
            found = _index.CollectDueExactly(nowMs, due[..Math.Min(DueBatch, countMax - removed)]);
            foreach (ulong entry in due[..found])
            {
                told.Remove(new FieldEntry(entry).Field);
                Remove(new FieldEntry(entry).Field);
            }
            removed += found;
        }
        while (found > 0 && removed < countMax);
        Root.NextDeadlineMs = _index.VolatileCount == 0 ? FieldDeadlines.None : _index.NextDueMs();
        return removed;
    }

    private void SetDeadline(IndexPosition position, long deadlineMs)
    {
        _saving?.BeforeChange(position);
        var entry = new FieldEntry(_index.EntryAt(position));
        if (deadlineMs != FieldDeadlines.None)
        {
            position.Link.Address = entry.WithDeadline(_context, deadlineMs).Address;
            NoteDeadline(position, deadlineMs);
        }
        else if (entry.HasDeadline)
        {
            position.Link.Address = entry.WithDeadline(_context, deadlineMs).Address;
            _index.SetDeadline(position, EntryDeadline.None);
        }
    }

    private void NoteDeadline(IndexPosition position, long deadlineMs)
    {
        long nextMs = NextDeadlineMs;
        _index.SetDeadline(position, deadlineMs);
        Root.NextDeadlineMs = Math.Min(nextMs, deadlineMs);
    }
}
