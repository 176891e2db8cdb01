using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Types;

namespace Bixbite.Persistence.Values;

/// <summary>
/// How values of one type are written to files and read back: what Persistence knows of a type. Its folder holds the parts;
/// docs/VALUE_TYPES.md tells which parts a type has elsewhere.
/// </summary>
internal abstract class ValueCodec
{
    public abstract KeyType Type { get; }

    /// <summary>The numbers of the RDB format under which values of the type are read.</summary>
    public abstract ReadOnlySpan<RdbType> RdbTypes { get; }

    /// <summary>How the record's value will be laid out, which is written before the value, and in files before the key.</summary>
    public abstract RdbType RdbTypeOf(ValueContext values, Record record);

    /// <summary>Writes the value, laid out as <see cref="RdbTypeOf"/> says.</summary>
    public abstract void WriteRdb(RdbWriter writer, ValueContext values, Record record);

    /// <summary>Writes the requests that make the value.</summary>
    public abstract void WriteRequests(IBufferWriter<byte> target, ValueContext values, Record record);

    /// <summary>Writes what stands before the pieces of a value, and takes the pieces, for an RDB file.</summary>
    public abstract PieceSink RdbPieces(SavedValue value, bool isCompressed, ValueContext values, Record record);

    /// <summary>Writes what stands before the pieces of a value, and takes the pieces, as requests.</summary>
    public abstract PieceSink RequestPieces(SavedValue value, ValueContext values, Record record);
}
