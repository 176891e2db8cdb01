using Bixbite.Engine.Execution;
using Bixbite.Engine.Records;
using Bixbite.Platform;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting.Functions;

/// <summary>How libraries that are restored go together with those that are there.</summary>
public enum RestorePolicy
{
    /// <summary>Two of one name are a mistake.</summary>
    Append,

    /// <summary>Of two of one name the old one goes.</summary>
    Replace,

    /// <summary>All old ones go.</summary>
    Flush,
}

/// <summary>The functions of a server, for its commands. Nothing of Lua is there before the first library comes.</summary>
public sealed class FunctionService : IDisposable
{
    /// <summary>The code of a library that a client sends may take so long; what a log repeats may take any time.</summary>
    private const int LoadLimitMs = 500;

    private readonly Func<FunctionSet> _create;
    private readonly ScriptGarbage _garbage;
    private readonly FunctionRecords _records;
    private readonly ScriptRunner _runner;

    internal FunctionService(ScriptTools tools, ScriptRunner runner, IClock clock)
    {
        _create = () => new FunctionSet(tools, clock);
        _garbage = tools.Garbage;
        _records = new FunctionRecords(_create);
        _runner = runner;
    }

    /// <summary>The libraries as snapshots and logs keep them.</summary>
    public RecordKind Records => _records;

    public int LibraryCount => Catalog.LibraryCount;

    public int FunctionCount => Catalog.FunctionCount;

    /// <summary>Bytes that libraries hold in their machine.</summary>
    public long MachineBytes => _records.Current.MachineBytes;

    /// <summary>Bytes of sources and names.</summary>
    public long CatalogBytes => Catalog.Bytes;

    /// <summary>In the order of their names.</summary>
    public IEnumerable<Library> Libraries => Catalog.Libraries;

    private FunctionCatalog Catalog => _records.Current.Catalog;

    /// <summary>The function of a name in any letter case, or null.</summary>
    public LibraryFunction? Find(ReadOnlySpan<byte> name) => Catalog.Find(name);

    /// <summary>Runs a function for the context's command: arguments from a position on are keys, the rest is not.</summary>
    public void Run(CommandContext context, LibraryFunction function, int firstKey, int keyCount, bool isReadOnly) =>
        _runner.Run(context, new ScriptTask(_records.Current.Script!, function.Callback, function.Name)
        {
            Kind = ScriptKind.Function,
            Flags = function.Flags,
            IsReadOnly = isReadOnly,
            FirstKey = firstKey,
            KeyCount = keyCount,
        });

    /// <summary>Some script of EVAL runs now.</summary>
    public bool IsScriptRunning => _runner.Running is { Kind: ScriptKind.Script };

    /// <summary>The name of the function that runs now, and for how long it has; false if none does.</summary>
    public bool TryGetRunning(out ReadOnlySpan<byte> name, out long durationMs)
    {
        ScriptTask? running = _runner.Running;
        name = running is null ? default : running.Name.Span;
        durationMs = running is null ? 0 : _runner.RunningMs;
        return running is not null;
    }

    /// <summary>Answers FUNCTION KILL.</summary>
    public void Kill(CommandContext context) => _runner.Kill(context, ScriptKind.Function);

    /// <summary>Adds the library of a text; null, or what is wrong.</summary>
    public string? Load(CommandContext context, ReadOnlySpan<byte> source, bool replaces, out Library? library) =>
        _records.Current.Add(source, replaces, LimitFor(context), out library);

    /// <summary>Removes a library; false if there is none of this name.</summary>
    public bool Delete(ReadOnlySpan<byte> name)
    {
        if (Catalog.FindLibrary(name) is not { } library)
        {
            return false;
        }
        _records.Current.Remove(library);
        return true;
    }

    /// <summary>Removes all libraries.</summary>
    /// <param name="isLazy">The memory is given back later, rather than at once.</param>
    public void Clear(bool isLazy)
    {
        _records.Clear();
        if (!isLazy)
        {
            _garbage.Collect();
        }
    }

    /// <summary>Begins to restore libraries, which are added to it one after the other.</summary>
    public Restoration BeginRestoring(CommandContext context, RestorePolicy policy) =>
        policy == RestorePolicy.Flush
            ? new Restoration(_create(), isSetNew: true, LimitFor(context))
            : new Restoration(_records.Current, isSetNew: false, LimitFor(context));

    /// <summary>All have come: they are used from now on. Null, or why nothing has changed.</summary>
    public string? Complete(Restoration restoration, RestorePolicy policy)
    {
        string? problem = restoration.Commit(replaces: policy == RestorePolicy.Replace);
        if (problem is null && policy == RestorePolicy.Flush)
        {
            _records.Adopt(restoration.Take());
        }
        return problem;
    }

    public void Dispose() => Clear(isLazy: true);

    private static int LimitFor(CommandContext context) => context.IsReplaying ? 0 : LoadLimitMs;
}
