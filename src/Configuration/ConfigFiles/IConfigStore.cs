namespace Bixbite.Configuration.ConfigFiles;

/// <summary>Where configuration files are; problems are the system's words for them.</summary>
public interface IConfigStore
{
    /// <summary>The whole file; null with the problem if it cannot be read, null without one if there is no such file.</summary>
    byte[]? Read(string path, out string? problem);

    /// <summary>
    /// Puts the content in the place of the file, so that at any time either the old or the new one is there; null, or the problem.
    /// Nobody else may read it before it has the old one's place, and mode.
    /// </summary>
    string? Replace(string path, ReadOnlySpan<byte> content);

    /// <summary>The files that match a pattern, in order.</summary>
    IReadOnlyList<string> Expand(string pattern);
}
