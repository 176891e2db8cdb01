using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Propagation;

/// <summary>
/// Requests propagated in place of the running command's, when repeating that would not repeat its change: because the request
/// depends on the time, on chance, on rounding, or on what its client waited for. A command that writes nothing here is propagated as it
/// was sent, if it changed anything.
/// <code>
///   SET k v EX 10          ->  SET k v PXAT 1764000000000
///   SPOP k 2               ->  SREM k a b
///   BLPOP q 0              ->  LPOP q
/// </code>
/// Requests are written whole: <see cref="Begin(int)"/>, then as many <see cref="Add(ReadOnlySpan{byte})"/> as announced; or with one of
/// the short forms. The arguments must not lie in memory that the change has freed.
/// </summary>
public sealed class Effects
{
    private readonly PropagationBatch _batch;
    private int _database;
    private bool _isReplaced;
    private PropagationTargets _forced;

    internal Effects(PropagationBatch batch) => _batch = batch;

    /// <summary>Whether anybody listens: otherwise nothing need be written, and nothing computed for it.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Who listens, among those who are to be told of what runs now.</summary>
    internal PropagationTargets Targets
    {
        get;
        set
        {
            field = value;
            IsWanted = value != PropagationTargets.None;
        }
    }

    /// <summary>Nothing is propagated for the command, but what it has written here.</summary>
    public void Suppress() => _isReplaced = true;

    /// <summary>The request is propagated as it was sent, even if nothing has changed.</summary>
    public void ForcePropagation(PropagationTargets targets = PropagationTargets.All) => _forced |= targets;

    /// <summary>A request of so many arguments, its name included, begins.</summary>
    public void Begin(int argumentCount) => Begin(_database, argumentCount);

    /// <summary>A request of another database begins.</summary>
    public void Begin(Database database, int argumentCount) => Begin(database.Number, argumentCount);

    /// <summary>The next argument of the request.</summary>
    public void Add(ReadOnlySpan<byte> argument)
    {
        if (IsWanted)
        {
            _batch.Add(argument);
        }
    }

    /// <summary>The next argument of the request is one of the running command's, which is not copied if it is large.</summary>
    public void Add(in Argument argument)
    {
        if (IsWanted)
        {
            _batch.Add(argument);
        }
    }

    /// <summary>The next argument of the request: a number in decimal digits.</summary>
    public void Add(long number)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        Add(digits[..Integers.Format(number, digits)]);
    }

    /// <summary>A request of two arguments.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key)
    {
        Begin(2);
        Add(name);
        Add(key);
    }

    /// <summary>A request of three arguments.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Begin(3);
        Add(name);
        Add(key);
        Add(value);
    }

    /// <summary>A request of two arguments and a number.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, long number)
    {
        Begin(3);
        Add(name);
        Add(key);
        Add(number);
    }

    private void Begin(int database, int argumentCount)
    {
        _isReplaced = true;
        if (IsWanted)
        {
            _batch.Begin(database, Targets, argumentCount);
        }
    }

    internal Scope Enter(int database)
    {
        var outer = new Scope(_database, _isReplaced, _forced);
        _database = database;
        _isReplaced = false;
        _forced = PropagationTargets.None;
        return outer;
    }

    /// <summary>The command that entered is over; one that changed something and wrote no effect is propagated as it was sent.</summary>
    internal void Leave(Scope outer, bool hasChanged, ReadOnlySpan<Argument> arguments)
    {
        PropagationTargets targets = hasChanged ? PropagationTargets.All : _forced;
        if (!_isReplaced && (targets & Targets) != PropagationTargets.None)
        {
            _batch.Begin(_database, targets & Targets, arguments.Length);
            foreach (ref readonly Argument argument in arguments)
            {
                _batch.Add(argument);
            }
        }
        _database = outer.Database;
        _isReplaced = outer.IsReplaced;
        _forced = outer.Forced;
    }

    /// <summary>The command around the one that entered, if any: EXEC around its requests.</summary>
    internal readonly record struct Scope(int Database, bool IsReplaced, PropagationTargets Forced);
}
