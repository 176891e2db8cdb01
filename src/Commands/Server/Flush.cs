using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;

namespace Bixbite.Commands.Server;

/// <summary>Whole databases: DBSIZE, FLUSHDB, FLUSHALL, SWAPDB.</summary>
public sealed class Flush(Databases databases, ChangeFeed changes, Saver saver, LazyFreeSettings settings)
{
    [Command(
        "dbsize",
        Group = "server",
        Since = "1.0.0",
        Arity = 1,
        Flags = "readonly fast",
        Categories = "keyspace",
        Tips = "request_policy:all_shards response_policy:agg_sum",
        Complexity = "O(1)",
        Summary = "Counts the keys of the database.")]
    public void DbSize(CommandContext context) => context.Reply.Integer(context.Database.Count);

    [Command(
        "flushdb",
        Group = "server",
        Since = "1.0.0",
        Arity = -1,
        Flags = "write",
        Categories = "keyspace dangerous",
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        History = "4.0.0 Added the `ASYNC` flushing mode modifier. | 6.2.0 Added the `SYNC` flushing mode modifier.",
        Complexity = "O(N) with N the number of keys in the database",
        Summary = "Removes all keys of the database.",
        Syntax = "[flush-type: ASYNC@4.0.0 | SYNC@6.2.0]")]
    public void FlushDb(CommandContext context)
    {
        if (TryReadMode(context, out bool isLazy))
        {
            Empty(context.Database, isLazy);
            context.Effects.ForcePropagation();
            context.Reply.Ok();
        }
    }

    [Command(
        "flushall",
        Group = "server",
        Since = "1.0.0",
        Arity = -1,
        Databases = "all",
        Flags = "write",
        Categories = "keyspace dangerous",
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        History = "4.0.0 Added the `ASYNC` flushing mode modifier. | 6.2.0 Added the `SYNC` flushing mode modifier.",
        Complexity = "O(N) with N the number of keys in all databases",
        Summary = "Removes all keys of all databases.",
        Syntax = "[flush-type: ASYNC@4.0.0 | SYNC@6.2.0]")]
    public void FlushAll(CommandContext context)
    {
        if (!TryReadMode(context, out bool isLazy))
        {
            return;
        }
        foreach (Database database in databases.InOrder())
        {
            Empty(database, isLazy);
        }
        context.Effects.ForcePropagation();
        if (context.Origin.IsPropagated && !context.Origin.IsRehearsed)
        {
            saver.SaveEmptied();
        }
        context.Reply.Ok();
    }

    [Command(
        "swapdb",
        Group = "server",
        Since = "4.0.0",
        Arity = 3,
        Databases = "1 2",
        Flags = "write fast",
        Categories = "keyspace dangerous",
        Complexity = "O(N) with N the number of clients that watch or wait for keys of either database",
        Summary = "Exchanges the content of two databases.",
        Syntax = "index1:integer index2:integer")]
    public void SwapDb(CommandContext context)
    {
        if (databases.HasSlots)
        {
            context.Reply.Error(ClusterErrorText.NoSwapDb);
            return;
        }
        var arguments = new ArgumentReader(context, 1);
        long first = arguments.Integer(int.MinValue, int.MaxValue, ErrorText.FirstDatabaseInvalid);
        long second = arguments.Integer(int.MinValue, int.MaxValue, ErrorText.SecondDatabaseInvalid);
        if (!arguments.HasFailed && !(IsDatabase(first) && IsDatabase(second)))
        {
            arguments.Fail(ErrorText.DatabaseOutOfRange);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        databases.Swap((int)first, (int)second);
        changes.CountDirty(1);
        changes.PublishContentReplaced(databases[(int)first]);
        changes.PublishContentReplaced(databases[(int)second]);
        context.Reply.Ok();
    }

    private bool IsDatabase(long number) => number >= 0 && number < databases.Count;

    private void Empty(Database database, bool isLazy)
    {
        changes.CountDirty(databases.Flush(database, isLazy));
        changes.PublishContentReplaced(database);
    }

    private bool TryReadMode(CommandContext context, out bool isLazy)
    {
        bool isRead = FlushMode.TryRead(context, 1, out bool? given);
        isLazy = given ?? settings.UserFlush.Value;
        if (!isRead)
        {
            context.Reply.Error(ErrorText.Syntax);
        }
        return isRead;
    }
}
