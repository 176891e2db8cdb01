using System.Text;
using Bixbite.Platform;
using Bixbite.Scripting.Running;

namespace Bixbite.Scripting.Functions;

/// <summary>
/// Libraries with the machine in which they live, which is made with the first one. A library is added as a whole or not at all.
/// </summary>
internal sealed class FunctionSet(ScriptTools tools, IClock clock) : IDisposable
{
    private FunctionMachine? _machine;

    public FunctionCatalog Catalog { get; private set; } = new();

    /// <summary>Runs the functions; there once there is a library.</summary>
    public ScriptMachine? Script => _machine?.Script;

    /// <summary>Bytes that the libraries hold in the machine.</summary>
    public long MachineBytes => _machine?.Script.Bytes ?? 0;

    /// <summary>Adds a library.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="replaces">One of its name goes; otherwise that is a mistake.</param>
    /// <param name="limitMs">How long its code may take in milliseconds; 0 is no limit.</param>
    /// <param name="library">The library, where nothing is wrong.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Add(ReadOnlySpan<byte> source, bool replaces, int limitMs, out Library? library)
    {
        Library? replaced = null;
        string? problem = Load(source, limitMs, name => IsTaken(name, replaces, out replaced), out library)
            ?? Catalog.CollisionOf(library!, other => other == replaced);
        if (problem is not null)
        {
            Forget(library);
            return problem;
        }
        if (replaced is not null)
        {
            Remove(replaced);
        }
        Catalog.Add(library!);
        return null;
    }

    /// <summary>
    /// Makes a library that is not in the catalog.
    /// </summary>
    /// <param name="source">Its text.</param>
    /// <param name="limitMs">How long its code may take in milliseconds; 0 is no limit.</param>
    /// <param name="refusal">What is wrong with its name, or null; asked before anything of it runs.</param>
    /// <param name="library">The library; where something is wrong it is to be forgotten.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Load(ReadOnlySpan<byte> source, int limitMs, Func<byte[], string?> refusal, out Library? library)
    {
        library = null;
        if ((LibraryHeader.Read(source, out byte[] name, out int headerSize) ?? refusal(name)) is { } problem)
        {
            return problem;
        }
        _machine ??= new FunctionMachine(tools, clock);
        library = _machine.NewLibrary(name, source.ToArray());
        return _machine.Load(library, source[headerSize..].ToArray(), limitMs)
            ?? (library.Functions.Count == 0 ? "No functions registered" : null);
    }

    /// <summary>Takes a library out.</summary>
    public void Remove(Library library)
    {
        Catalog.Remove(library);
        Forget(library);
    }

    /// <summary>A library that is in no catalog is not used any more.</summary>
    public void Forget(Library? library)
    {
        if (library is not null)
        {
            _machine?.Forget(library);
        }
    }

    /// <summary>Removes all libraries, and the machine.</summary>
    public void Clear()
    {
        _machine?.Dispose();
        _machine = null;
        Catalog = new FunctionCatalog();
    }

    public void Dispose() => Clear();

    private string? IsTaken(byte[] name, bool replaces, out Library? replaced)
    {
        replaced = Catalog.FindLibrary(name);
        return replaced is null || replaces ? null : $"Library '{Encoding.Latin1.GetString(name)}' already exists";
    }
}
