using System.Diagnostics;

namespace Bixbite.Types.Streams;

/// <summary>
/// A stream, opened over its slot: entries in the order of their IDs, each with fields and values, and consumer groups. See
/// <see cref="StreamRoot"/> for the layout. A stream may be empty, unlike other collections. Views of groups, consumers and pending entries
/// stay valid until their group, consumer or entry is removed, or the key.
/// </summary>
public readonly ref struct StreamValue(ValueSlot slot)
{
    /// <summary>The most that the fields and values of one entry may have together; what is longer must not be added.</summary>
    public const long EntryLengthMax = 1 << 30;

    private readonly ValueSlot _slot = slot;

    /// <summary>Entries that are there.</summary>
    public long Count => State.Count;

    /// <summary>
    /// The last ID that was given, whether its entry is still there or not; 0-0 at the beginning. The next one must be greater.
    /// </summary>
    public StreamId LastId
    {
        get => State.LastId;
        set => Grow().Root.LastId = value;
    }

    /// <summary>The ID of the first entry; 0-0 if there is none.</summary>
    public StreamId FirstId => State.FirstId;

    /// <summary>The greatest ID that <see cref="TryDelete"/> has removed; 0-0 if none. Trimming does not count.</summary>
    public StreamId MaxDeletedId
    {
        get => State.MaxDeletedId;
        set => Grow().Root.MaxDeletedId = value;
    }

    /// <summary>How many entries were ever added.</summary>
    public long EntriesAdded
    {
        get => State.EntriesAdded;
        set => Grow().Root.EntriesAdded = value;
    }

    /// <summary>The listpacks that the entries are in.</summary>
    public long NodeCount => IsFresh ? 0 : Nodes.Count;

    public long GroupCount => IsFresh ? 0 : Groups.Count;

    /// <summary>A new value that nothing was written to yet: it has no root.</summary>
    private bool IsFresh => _slot.Layout != ValueLayout.Root;

    private ref readonly StreamRoot State => ref IsFresh ? ref StreamRoot.Empty : ref Nodes.Root;

    private StreamSnapshot? Saving => _slot.Saving as StreamSnapshot;

    private StreamNodes Nodes => new(_slot.Context, _slot.Root, Saving);

    private NamedBlockTree Groups => new(_slot.Context, _slot.Root + StreamRoot.GroupsOffset);

    /// <summary>
    /// Adds an entry behind all others. The ID must be greater than <see cref="LastId"/>, and the texts not longer than
    /// <see cref="EntryLengthMax"/> together.
    /// </summary>
    public void Append<TFields>(StreamId id, scoped TFields fields)
        where TFields : IStreamFields, allows ref struct
    {
        StreamNodes nodes = Grow();
        Debug.Assert(id > nodes.Root.LastId, "IDs ascend.");
        NodeWriting.Append(nodes, id, ref fields);
        ref StreamRoot root = ref nodes.Root;
        root.LastId = id;
        root.EntriesAdded++;
        root.Count++;
        if (root.Count == 1)
        {
            root.FirstId = id;
        }
    }

    /// <summary>Removes the entry with this ID, and notes it in <see cref="MaxDeletedId"/>; false if there is none.</summary>
    public bool TryDelete(StreamId id) => !IsFresh && NodeRemoval.TryDelete(Nodes, id);

    /// <summary>Removes entries from the beginning; returns how many.</summary>
    public long Trim(in StreamTrim trim) => IsFresh ? 0 : NodeRemoval.Trim(Nodes, trim);

    /// <summary>Whether there is an entry with this ID.</summary>
    public bool Contains(StreamId id) => Read(id, id).MoveNext();

    /// <summary>All entries from the first one on.</summary>
    public StreamEntryReader Read() => Read(StreamId.Min, StreamId.Max);

    /// <summary>The entries with IDs from <paramref name="from"/> up to <paramref name="to"/>, both included.</summary>
    public StreamEntryReader Read(StreamId from, StreamId to) =>
        IsFresh ? default : new StreamEntryReader(Nodes, from, to, isBackward: false);

    /// <summary>The entries with IDs from <paramref name="from"/> down to <paramref name="to"/>, both included.</summary>
    public StreamEntryReader ReadBackward(StreamId from, StreamId to) =>
        IsFresh ? default : new StreamEntryReader(Nodes, to, from, isBackward: true);

    /// <summary>The listpacks as they are stored, for writing them elsewhere.</summary>
    public StreamNodeReader ReadNodes() => IsFresh ? default : new StreamNodeReader(Nodes);

    /// <summary>
    /// Adds the entries of a stored node behind all others, for building streams from what was stored in that form. False, and nothing has
    /// changed, if the bytes are not a sound node, which may be any, or its entries do not follow those that are there.
    /// <see cref="LastId"/> and <see cref="EntriesAdded"/> stay the caller's to set.
    /// </summary>
    public bool TryAppendNode(StreamId masterId, ReadOnlySpan<byte> pack) => NodeLoading.TryAppend(Grow(), masterId, pack);

    /// <summary>The groups in the order of their names.</summary>
    public StreamGroupReader ReadGroups() => IsFresh ? default : new StreamGroupReader(_slot.Context, Groups, Saving);

    public bool TryFindGroup(ReadOnlySpan<byte> name, out StreamGroup group)
    {
        ulong found = IsFresh ? 0 : Groups.Find(name);
        group = new StreamGroup(_slot.Context, found, Saving?.GroupAt(found));
        return found != 0;
    }

    /// <summary>Adds a group; false if there is one of this name, which is then given.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="lastDeliveredId">Its consumers get what comes behind this.</param>
    /// <param name="entriesRead">How many entries lie before, or <see cref="StreamGroup.EntriesReadUnknown"/>.</param>
    /// <param name="group">The group.</param>
    public bool TryCreateGroup(ReadOnlySpan<byte> name, StreamId lastDeliveredId, long entriesRead, out StreamGroup group)
    {
        if (TryFindGroup(name, out group))
        {
            return false;
        }
        Grow();
        group = new StreamGroup(_slot.Context, GroupBlock.Create(_slot.Context.Heap, name));
        group.LastDeliveredId = lastDeliveredId;
        group.EntriesRead = entriesRead;
        Groups.Add(group.Address);
        return true;
    }

    /// <summary>Removes a group with its consumers and pending entries; false if there is none of this name.</summary>
    public bool TryRemoveGroup(ReadOnlySpan<byte> name)
    {
        ulong group = IsFresh ? 0 : Groups.Find(name);
        if (group == 0)
        {
            return false;
        }
        Groups.Remove(group);
        if (Saving?.GroupAt(group) is { } saving)
        {
            saving.Keep(_slot.Context);
            return true;
        }
        GroupBlock.Release(_slot.Context, group);
        return true;
    }

    /// <summary>Whether deletions may have left a gap at this ID or behind it.</summary>
    public bool HasGapFrom(StreamId id)
    {
        ref readonly StreamRoot state = ref State;
        return state.Count > 0 && !state.MaxDeletedId.IsZero && id <= state.MaxDeletedId;
    }

    /// <summary>
    /// How many entries were ever added up to this ID, as far as that can be told without counting; else
    /// <see cref="StreamGroup.EntriesReadUnknown"/>.
    /// </summary>
    public long EntriesReadAt(StreamId id) => ReadCounter.At(State, id);

    /// <summary>How many entries the group has not delivered yet; false where that cannot be told.</summary>
    public bool TryGetLag(StreamGroup group, out long lag) => ReadCounter.TryGetLag(State, group, out lag);

    /// <summary>Notes that the group has delivered the next entry, which has this ID.</summary>
    public void NoteDelivery(StreamGroup group, StreamId id)
    {
        if (group.EntriesRead != StreamGroup.EntriesReadUnknown && !HasGapFrom(group.LastDeliveredId))
        {
            group.EntriesRead++;
        }
        else if (EntriesAdded != 0)
        {
            group.EntriesRead = EntriesReadAt(id);
        }
        group.LastDeliveredId = id;
    }

    /// <summary>For changes: there is a root from here on.</summary>
    private StreamNodes Grow()
    {
        if (IsFresh)
        {
            _slot.BecomeRoot(StreamRoot.Create(_slot.Context.Heap));
        }
        return Nodes;
    }
}
