using System.Text;

namespace Bixbite.Scripting.Functions;

/// <summary>Libraries that are to be restored together: all of them are added to a set, or none.</summary>
public sealed class Restoration : IDisposable
{
    private readonly FunctionSet _set;
    private readonly bool _isSetNew;
    private readonly int _limitMs;
    private readonly List<Library> _libraries = [];
    private readonly FunctionCatalog _catalog = new();
    private bool _isTaken;

    /// <param name="set">Gets the libraries.</param>
    /// <param name="isSetNew">Nobody uses the set yet: it goes with this, unless it is taken.</param>
    /// <param name="limitMs">How long the code of each library may take in milliseconds; 0 is no limit.</param>
    internal Restoration(FunctionSet set, bool isSetNew, int limitMs)
    {
        _set = set;
        _isSetNew = isSetNew;
        _limitMs = limitMs;
    }

    /// <summary>Reads the next library; null, or what is wrong.</summary>
    public string? Add(ReadOnlySpan<byte> source)
    {
        string? problem = _set.Load(source, _limitMs, NameTaken, out Library? library)
            ?? _catalog.CollisionOf(library!, static _ => false);
        if (problem is not null)
        {
            _set.Forget(library);
            return problem;
        }
        _libraries.Add(library!);
        _catalog.Add(library!);
        return null;
    }

    /// <summary>Adds them to the set.</summary>
    /// <param name="replaces">Libraries of the same names go; otherwise that is a mistake.</param>
    /// <returns>Null, or why none was added.</returns>
    internal string? Commit(bool replaces)
    {
        FunctionCatalog catalog = _set.Catalog;
        foreach (Library library in _libraries)
        {
            if (!replaces && catalog.FindLibrary(library.NameText) is not null)
            {
                return $"Library {Encoding.Latin1.GetString(library.NameText)} already exists";
            }
        }
        foreach (Library library in _libraries)
        {
            if (catalog.CollisionOf(library, other => _catalog.FindLibrary(other.NameText) is not null) is { } problem)
            {
                return problem;
            }
        }
        foreach (Library library in _libraries)
        {
            if (catalog.FindLibrary(library.NameText) is { } old)
            {
                _set.Remove(old);
            }
        }
        _libraries.ForEach(catalog.Add);
        _libraries.Clear();
        return null;
    }

    /// <summary>The set with the libraries, which is somebody else's from now on.</summary>
    internal FunctionSet Take()
    {
        _isTaken = true;
        return _set;
    }

    /// <summary>Forgets what was not added.</summary>
    public void Dispose()
    {
        _libraries.ForEach(_set.Forget);
        if (_isSetNew && !_isTaken)
        {
            _set.Dispose();
        }
    }

    private string? NameTaken(byte[] name) =>
        _catalog.FindLibrary(name) is null ? null : $"Library '{Encoding.Latin1.GetString(name)}' already exists";
}
