namespace Bixbite.Persistence.Loading;

/// <summary>Brings the content of a source into databases, in slices.</summary>
internal interface ILoader : IDisposable
{
    /// <summary>Bytes of all its files; 0 if that is not known.</summary>
    public long BytesTotal { get; }

    /// <summary>Bytes done with.</summary>
    public long BytesRead { get; }

    /// <summary>The last slice has ended since the bytes have not come yet that are needed next.</summary>
    public bool IsStarved => false;

    /// <summary>The facts of the files and of their loading, as far as they are known by now.</summary>
    public LoadFacts Facts { get; }

    /// <summary>Null, or what is wrong with which file, where in it, and what to do. What was loaded by then is of no use.</summary>
    public string? Problem { get; }

    /// <summary>Goes on until all is loaded, something is wrong or <paramref name="isPaused"/> says so; true when it is over.</summary>
    public bool Run(Func<bool> isPaused);
}
