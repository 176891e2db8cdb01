using System.Diagnostics.CodeAnalysis;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Execution;

/// <summary>The number of a database as an argument: SELECT, MOVE, COPY.</summary>
public static class DatabaseArgument
{
    /// <summary>Finds the database; on failure answers the error, which depends on how far off the number is.</summary>
    public static bool TryRead(CommandContext context, int index, Databases databases, [NotNullWhen(true)] out Database? database)
    {
        database = null;
        if (!Integers.TryParse(context[index], out long number))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        if (number is < int.MinValue or > int.MaxValue)
        {
            ErrorText.MustBeBetween(context.Reply, int.MinValue, int.MaxValue);
            return false;
        }
        if (number < 0 || number >= databases.Count)
        {
            context.Reply.Error(ErrorText.DatabaseOutOfRange);
            return false;
        }
        database = databases[(int)number];
        return true;
    }
}
