using System.Buffers;
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

    /// <summary>Entries that may be read to find one that is due.</summary>
    private const int ReadsPerField = 16;

    /// <summary>Entries that are read to find when the next field expires.</summary>
    private const int ReadsMax = 1024;

    /// <summary>Draws of a field at random before the hash is looked through.</summary>
    private const int DrawTriesMax = 16;

    private readonly ValueContext _context;
    private readonly ulong _root;
    private readonly HashIndex<FieldKeys> _index;

    private readonly IndexSnapshot<FieldKeys, IHashSink>? _saving;

    internal FieldTable(ValueContext context, ulong root, IndexSnapshot<FieldKeys, IHashSink>? saving = null)
    {
        _saving = saving;
        _context = context;
        _root = root;
        _index = HashRoot.IndexOf(context, root);
    }

    /// <summary>The entries, hidden ones included.</summary>
    internal HashIndex<FieldKeys> Index => _index;

    /// <summary>The fields that are not hidden.</summary>
    internal long Count => _index.Count - (IsHidingAt(_root) ? Expiry.CountHidden(_index) : 0);

    /// <summary>Fields whose deadline is before this are hidden.</summary>
    internal long HiddenBeforeMs => HasExpiry ? Expiry.HiddenBeforeMs : long.MinValue;

    /// <summary>When the next field expires, or some time before that; or <see cref="FieldDeadlines.None"/>.</summary>
    internal long NextDeadlineMs => NextDeadlineMsAt(_root);

    private bool HasExpiry => Native.At<HashRoot>(_root).Expiry != 0;

    private ref FieldExpiry Expiry => ref ExpiryAt(_root);

    internal static long NextDeadlineMsAt(ulong root) => IndexRoot.VolatileCountAt(root) == 0
        ? FieldDeadlines.None
        : ExpiryAt(root).NextMs;

    /// <summary>Whether hidden fields may be stored.</summary>
    internal static bool IsHidingAt(ulong root)
    {
        if (IndexRoot.VolatileCountAt(root) == 0)
        {
            return false;
        }
        ref FieldExpiry expiry = ref ExpiryAt(root);
        return expiry.NextMs < expiry.HiddenBeforeMs;
    }

    /// <inheritdoc cref="FieldDeadlines.MayChangeAt"/>
    internal static bool MayChangeAt(ulong root, long nowMs)
    {
        if (IndexRoot.VolatileCountAt(root) == 0)
        {
            return false;
        }
        ref FieldExpiry expiry = ref ExpiryAt(root);
        return expiry.NextMs < nowMs || expiry.HiddenBeforeMs > nowMs;
    }

    internal bool TryFind(ReadOnlySpan<byte> field, out FieldEntry entry)
    {
        IndexPosition position = _index.Find(_index.HashOf(field), field);
        entry = position.IsFound ? new FieldEntry(_index.EntryAt(position)) : default;
        return position.IsFound && !IsHidden(entry);
    }

    /// <summary>Visits the fields that are not hidden.</summary>
    internal void VisitAll<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        var adapter = new EntryVisitor<TVisitor>(visitor, HiddenBeforeMs);
        VisitAllAs(ref adapter);
        visitor = adapter.Visitor;
    }

    /// <summary>The entries of the fields that are not hidden, in an array rented from the shared pool.</summary>
    internal ulong[] RentEntries()
    {
        var collector = new Collector(ArrayPool<ulong>.Shared.Rent((int)Count), HiddenBeforeMs);
        VisitAllAs(ref collector);
        Debug.Assert(collector.Count == Count, "Who is not hidden is counted.");
        return collector.Entries;
    }

    /// <summary>An entry that is not hidden, chosen at random, each as likely; 0 if it should be looked for among all.</summary>
    internal ulong TryDraw(Random random)
    {
        for (int tries = 0; tries < DrawTriesMax; tries++)
        {
            ulong entry = _index.RandomEntry(random);
            if (!IsHidden(new FieldEntry(entry)))
            {
                return entry;
            }
        }
        return 0;
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
        Debug.Assert(!IsHidden(new FieldEntry(_index.EntryAt(position))), "A hidden field is removed before anybody changes it.");
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
        Remove(position, new FieldEntry(_index.EntryAt(position)));
        return true;
    }

    /// <summary>Sets when a field expires that is there, or with <see cref="FieldDeadlines.None"/> that it does not.</summary>
    internal void SetDeadline(ReadOnlySpan<byte> field, long deadlineMs)
    {
        IndexPosition position = _index.Find(_index.HashOf(field), field);
        Debug.Assert(position.IsFound, "A deadline is set on a field that exists.");
        SetDeadline(position, deadlineMs);
    }

    /// <summary>
    /// Removes up to so many fields whose time was before <paramref name="nowMs"/>, and returns how many. Where very many are to expire in
    /// this very moment, some may be left without <paramref name="isMore"/>.
    /// </summary>
    internal int RemoveDue<TDue>(long nowMs, int countMax, TDue told, out bool isMore)
        where TDue : struct, IDueFields
    {
        isMore = false;
        if (NextDeadlineMs >= nowMs)
        {
            return 0;
        }
        Span<ulong> due = stackalloc ulong[DueBatch];
        int readsMax = (int)Math.Min((long)countMax * ReadsPerField, int.MaxValue);
        int removed = 0;
        int found;
        do
        {
            found = _index.CollectDueExactly(nowMs, due[..Math.Min(DueBatch, countMax - removed)], readsMax, out bool isAll);
            foreach (ulong entry in due[..found])
            {
                ReadOnlySpan<byte> field = new FieldEntry(entry).Field;
                told.Remove(field);
                Remove(_index.Find(_index.HashOf(field), field), new FieldEntry(entry));
            }
            removed += found;
            if (isAll && found == 0)
            {
                Expiry.ShowAll();
                Expiry.NextMs = _index.VolatileCount == 0 ? FieldDeadlines.None : _index.NextDueMs(ReadsMax);
                return removed;
            }
        }
        while (found > 0 && removed < countMax);
        isMore = found > 0;
        return removed;
    }

    /// <summary>Removes the field if it is hidden.</summary>
    internal bool RemoveHidden<TDue>(ReadOnlySpan<byte> field, TDue told)
        where TDue : struct, IDueFields
    {
        IndexPosition position = _index.Find(_index.HashOf(field), field);
        FieldEntry entry = position.IsFound ? new FieldEntry(_index.EntryAt(position)) : default;
        if (!position.IsFound || !IsHidden(entry))
        {
            return false;
        }
        told.Remove(field);
        Remove(position, entry);
        return true;
    }

    /// <summary>Hides the fields whose time was before <paramref name="nowMs"/>, and no others.</summary>
    internal void Hide(long nowMs)
    {
        if (!HasExpiry)
        {
            return;
        }
        if (NextDeadlineMs >= nowMs || nowMs < Expiry.CountedBeforeMs)
        {
            Expiry.ShowAll();
        }
        if (NextDeadlineMs < nowMs)
        {
            Expiry.HiddenBeforeMs = nowMs;
        }
    }

    /// <summary>Whether every field's time was before <paramref name="nowMs"/>. If some fields' was, they are hidden from now on.</summary>
    internal bool AreAllBefore(long nowMs, Random random)
    {
        if (_index.VolatileCount != _index.Count || NextDeadlineMs >= nowMs)
        {
            return false;
        }
        Hide(nowMs);
        return Expiry.LatestMs < nowMs || (TryDraw(random) == 0 && Count == 0);
    }

    /// <summary>The expiry of a hash that has one.</summary>
    private static ref FieldExpiry ExpiryAt(ulong root) => ref Native.At<FieldExpiry>(Native.At<HashRoot>(root).Expiry);

    private void VisitAllAs<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        if (IsHidingAt(_root))
        {
            _index.VisitFrom(HiddenBeforeMs, Expiry.Range, ref visitor);
        }
        else
        {
            _index.VisitAll(ref visitor);
        }
    }

    /// <summary>Whether the entry is there only because nobody has removed it yet.</summary>
    private bool IsHidden(FieldEntry entry) => entry.HasDeadline && entry.DeadlineMs < Expiry.HiddenBeforeMs;

    private void Remove(IndexPosition position, FieldEntry entry)
    {
        if (entry.HasDeadline)
        {
            Expiry.Forget(entry.DeadlineMs);
        }
        _saving?.BeforeChange(position);
        _index.Remove(position);
        _context.Pinned.Free(entry.Address);
    }

    private void SetDeadline(IndexPosition position, long deadlineMs)
    {
        _saving?.BeforeChange(position);
        var entry = new FieldEntry(_index.EntryAt(position));
        Debug.Assert(!IsHidden(entry), "A hidden field is removed before anybody changes it.");
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
        bool isFirst = _index.VolatileCount == 0;
        if (!HasExpiry)
        {
            Native.At<HashRoot>(_root).Expiry = FieldExpiry.Create(_context.Heap);
        }
        _index.SetDeadline(position, deadlineMs);
        Expiry.Note(deadlineMs, isFirst);
    }

    private struct Collector(ulong[] entries, long hiddenBeforeMs) : IEntryVisitor
    {
        public readonly ulong[] Entries => entries;

        public int Count { get; private set; }

        public void Visit(ulong entry)
        {
            if (new FieldEntry(entry).DeadlineMs >= hiddenBeforeMs)
            {
                entries[Count++] = entry;
            }
        }
    }
}
