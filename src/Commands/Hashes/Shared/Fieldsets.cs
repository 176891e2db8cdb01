using Bixbite.Engine.Sessions;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Hashes.Shared;

/// <summary>Knows the fieldsets of each client.</summary>
public sealed class FieldsetClients(SessionParts parts) : ISessionPart
{
    private readonly SessionSlot<Fieldsets> _slot = parts.Slot<Fieldsets>();

    /// <summary>The fieldsets that the client has prepared; null as long as there are none.</summary>
    public Fieldsets? Of(Session session) => _slot.Of(session);

    /// <summary>Adds a fieldset to those of the client, in place of one with the same name.</summary>
    public void Put(Session session, ReadOnlySpan<byte> name, Fieldset fieldset)
    {
        if (Of(session) is not { } own)
        {
            _slot.Put(session, own = new Fieldsets(session));
        }
        own.Put(name, fieldset);
    }

    void ISessionPart.End(Session session) => Of(session)?.Clear();
}

/// <summary>The fieldsets that a client has prepared for HIMPORT, by name. Its session holds the bytes.</summary>
public sealed class Fieldsets
{
    /// <summary>Bytes of a name and an empty fieldset, estimated.</summary>
    private const long SizeBase = 200;

    private readonly Session _session;
    private readonly Dictionary<byte[], Fieldset> _sets = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], Fieldset>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    public Fieldsets(Session session)
    {
        _session = session;
        _byBytes = _sets.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _sets.Count;

    /// <summary>Adds a fieldset, in place of one with the same name.</summary>
    public void Put(ReadOnlySpan<byte> name, Fieldset fieldset)
    {
        Remove(name);
        _byBytes[name] = fieldset;
        _session.Hold(SizeOf(name, fieldset));
    }

    public Fieldset? Find(ReadOnlySpan<byte> name) => _byBytes.TryGetValue(name, out Fieldset? fieldset) ? fieldset : null;

    public bool Remove(ReadOnlySpan<byte> name)
    {
        if (!_byBytes.Remove(name, out _, out Fieldset? fieldset))
        {
            return false;
        }
        _session.Hold(-SizeOf(name, fieldset));
        return true;
    }

    public void Clear()
    {
        foreach ((byte[] name, Fieldset fieldset) in _sets)
        {
            _session.Hold(-SizeOf(name, fieldset));
        }
        _sets.Clear();
    }

    private static long SizeOf(ReadOnlySpan<byte> name, Fieldset fieldset) => SizeBase + name.Length + fieldset.SizeBytes;
}

/// <summary>
/// The names of the fields of many hashes. Values come in the order in which the names were given; fields are stored in another one:
/// shorter names first, names of one length by their bytes.
/// </summary>
public sealed class Fieldset
{
    /// <summary>Bytes of a field's place and name beside the name's own, estimated.</summary>
    private const long FieldSizeBase = 36;

    private Fieldset(byte[][] fields, int[] valueIndices)
    {
        Fields = fields;
        ValueIndices = valueIndices;
        SizeBytes = fields.Sum(field => field.Length + FieldSizeBase);
    }

    /// <summary>Bytes of the fields.</summary>
    public long SizeBytes { get; }

    /// <summary>The names in the order of storage.</summary>
    public IReadOnlyList<byte[]> Fields { get; }

    /// <summary>For each of the fields, the index of its value among those given.</summary>
    public IReadOnlyList<int> ValueIndices { get; }

    /// <summary>Null where a name occurs twice.</summary>
    public static Fieldset? Create(byte[][] names)
    {
        int[] order = new int[names.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Array.Sort(order, (left, right) => Compare(names[left], names[right]));
        byte[][] fields = new byte[names.Length][];
        for (int i = 0; i < order.Length; i++)
        {
            fields[i] = names[order[i]];
            if (i > 0 && Compare(fields[i - 1], fields[i]) == 0)
            {
                return null;
            }
        }
        return new Fieldset(fields, order);
    }

    private static int Compare(byte[] left, byte[] right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.AsSpan().SequenceCompareTo(right);
}
