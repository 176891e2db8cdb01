using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Persistence.Values.Strings;

/// <summary>Strings: one string of the format, or SET. Who reads them puts them straight where they stay.</summary>
internal sealed class StringCodec : ValueCodec
{
    public override KeyType Type => KeyType.String;

    public override ReadOnlySpan<RdbType> RdbTypes => [RdbType.String];

    public override RdbType RdbTypeOf(ValueContext values, Record record) => RdbType.String;

    public override void WriteRdb(RdbWriter writer, ValueContext values, Record record)
    {
        if (record.StringEncoding == StringEncoding.Integer)
        {
            writer.Integer(record.Integer);
        }
        else
        {
            writer.String(record.Text(default));
        }
    }

    public override void WriteRequests(IBufferWriter<byte> target, ValueContext values, Record record)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        target.Begin(3);
        target.Add("SET"u8);
        target.Add(record.Key);
        target.Add(record.Text(digits));
    }

    public override PieceSink RdbPieces(SavedValue value, bool isCompressed, ValueContext values, Record record)
    {
        var pieces = new RdbTexts(value, isCompressed);
        pieces.Begin(record.TextLength);
        return pieces;
    }

    public override PieceSink RequestPieces(SavedValue value, ValueContext values, Record record)
    {
        var pieces = new RequestTexts(value, record.Key.ToArray());
        pieces.Begin(record.TextLength);
        return pieces;
    }

    private sealed class RdbTexts(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed)
    {
        public void Begin(long length) => Writer.BeginString(length);
    }

    private sealed class RequestTexts(SavedValue value, byte[] key) : RequestPieces(value, key)
    {
        public void Begin(long length)
        {
            Target.Begin(3);
            Target.Add("SET"u8);
            Target.Add(Key);
            Target.BeginArgument(length);
        }

        public override void Finish() => Target.EndArgument();
    }
}
