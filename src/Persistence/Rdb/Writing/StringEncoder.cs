using Bixbite.Keyspace;
using Bixbite.Types.Strings;

namespace Bixbite.Persistence.Rdb.Writing;

/// <summary>Writes strings: one string of the format.</summary>
internal static class StringEncoder
{
    public static void Write(RdbWriter writer, Record record)
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
}
