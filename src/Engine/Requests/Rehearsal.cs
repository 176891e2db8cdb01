using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Requests;

/// <summary>
/// Lets commands change copies of keys, so that nothing of what they do stays and others go on between them. A key is copied before the
/// first command that names it; whole databases are, if they are small, before a command that looks at more keys than it names.
/// <code>
///   databases in use   | keys ....... |   exchanged    | keys ....... |
///   copies             | a, b         | for a command  | a', b, c'    |    thrown away in the end
/// </code>
/// While a command runs on them all who are told of changes are kept quiet. Keys that no command has named are seen as they are.
/// </summary>
public sealed class Rehearsal(RehearsalTools tools) : IDisposable
{
    /// <summary>Databases of more keys are not copied as a whole.</summary>
    public const long KeysMax = 100_000;

    private readonly Databases _copies = tools.Databases.MakeAside();

    /// <summary>The keys of each database that were copied, or did not exist; null where all were.</summary>
    private readonly Dictionary<int, HashSet<byte[]>?> _settled = [];
    private readonly List<KeyPosition> _positions = [];
    private bool _isAllSettled;
    private readonly List<Record> _found = [];

    /// <summary>Keys in the copies.</summary>
    public long KeyCount => _copies.KeyCount;

    /// <summary>
    /// Runs the context's command, which is resolved and has passed the gates. False if it is refused, which is answered.
    /// </summary>
    public bool TryRun(CommandContext context, CommandRunner runner)
    {
        if (context.Command.Has(CommandFlags.Admin))
        {
            context.Reply.Error(ErrorText.RehearsalCommand);
            return false;
        }
        if (!TryPrepare(context))
        {
            context.Reply.Error(ErrorText.RehearsalSize);
            return false;
        }
        MissHandler? missed = tools.Keys.Missed;
        DueFieldHandler? fieldDue = tools.Keys.FieldDue;
        DueHashHandler? hashDue = tools.Keys.HashDue;
        Action<Database, Record>? added = tools.Databases.Added;
        Listen(null, null, null, null, isMuted: true);
        tools.Databases.ExchangeWith(_copies);
        try
        {
            runner.Run(context, Origin.Rehearsal);
        }
        finally
        {
            tools.Databases.ExchangeWith(_copies);
            Listen(missed, fieldDue, hashDue, added, isMuted: false);
        }
        return true;
    }

    /// <summary>Throws the copies away; their memory is given back in slices.</summary>
    public void Dispose() => _copies.FlushAll();

    private void Listen(
        MissHandler? missed, DueFieldHandler? fieldDue, DueHashHandler? hashDue, Action<Database, Record>? added, bool isMuted)
    {
        tools.Keys.Missed = missed;
        tools.Keys.FieldDue = fieldDue;
        tools.Keys.HashDue = hashDue;
        tools.Databases.Added = added;
        tools.Changes.IsMuted = isMuted;
        tools.PubSub.IsMuted = isMuted;
    }

    /// <summary>Copies what the command may look at; false if that is too much.</summary>
    private bool TryPrepare(CommandContext context)
    {
        Command command = context.Command;
        string databases = command.Declaration.Databases;
        if (_isAllSettled || databases == "all")
        {
            _isAllSettled = true;
            return true;
        }
        if (databases.Length > 0 && command.Has(CommandFlags.Write))
        {
            return tools.Databases.InOrder().All(TryCopyAll);
        }
        bool isWide = command.Keys.HasKeys
            ? !command.Keys.TellAllKeys || !command.Keys.Find(context.Arguments, _positions)
            : databases.Length == 0 && (command.Categories & CommandCategories.Keyspace) != 0;
        if (isWide)
        {
            return TryCopyAll(context.Database);
        }
        return !command.Keys.HasKeys || TryCopyNamed(context);
    }

    private bool TryCopyNamed(CommandContext context)
    {
        foreach (KeyPosition position in _positions)
        {
            if (!TryCopy(context.Database, context[position.Index]))
            {
                return false;
            }
        }
        return true;
    }

    private bool TryCopyAll(Database database)
    {
        if (_settled.TryGetValue(database.Number, out HashSet<byte[]>? settled) && settled is null)
        {
            return true;
        }
        if (database.Count > KeysMax)
        {
            return false;
        }
        ulong cursor = 0;
        do
        {
            _found.Clear();
            cursor = database.Scan(cursor, (int)KeysMax, _found);
            foreach (Record record in _found)
            {
                if (!TryCopy(database, record.Key))
                {
                    return false;
                }
            }
        }
        while (cursor != 0);
        _settled[database.Number] = null;
        return true;
    }

    /// <summary>Copies a key as it is now, unless it was copied before; false if memory is short.</summary>
    private bool TryCopy(Database database, ReadOnlySpan<byte> key)
    {
        if (!_settled.TryGetValue(database.Number, out HashSet<byte[]>? settled))
        {
            _settled[database.Number] = settled = new HashSet<byte[]>(BytesComparer.Instance);
        }
        if (settled is null || settled.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(key))
        {
            return true;
        }
        KeyRef from = database.Find(key);
        if (from.Exists)
        {
            if (!tools.Keys.HasRoom(database.SizeOf(from.Record)))
            {
                return false;
            }
            Database copies = _copies[database.Number];
            KeyRef to = copies.Find(key);
            database.CopyTo(from, copies, ref to, key);
        }
        settled.Add(key.ToArray());
        return true;
    }
}
