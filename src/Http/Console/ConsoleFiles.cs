using System.Reflection;
using Bixbite.Structures.Digests;

namespace Bixbite.Http.Console;

/// <summary>
/// The files of the console, which this assembly has, compressed: src/Console makes them, the project file puts them there. Nothing is read
/// before somebody asks.
/// </summary>
internal sealed class ConsoleFiles(Assembly assembly)
{
    /// <summary>Begins the names of the assembly's resources that are such files.</summary>
    private const string Prefix = "console/";

    private readonly Dictionary<string, ConsoleFile?> _files = new(StringComparer.Ordinal);

    /// <summary>The file of this name, or null.</summary>
    public ConsoleFile? Find(string name)
    {
        if (_files.TryGetValue(name, out ConsoleFile? file))
        {
            return file;
        }
        using Stream? stream = assembly.GetManifestResourceStream(Prefix + name);
        if (stream is null)
        {
            return null;
        }
        byte[] compressed = new byte[stream.Length];
        stream.ReadExactly(compressed);
        file = new ConsoleFile(TypeOf(name), compressed);
        _files.Add(name, file);
        return file;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".json" or ".map" => "application/json",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}

/// <summary>A file to be sent to a browser.</summary>
internal sealed class ConsoleFile(string contentType, byte[] compressed)
{
    private const int TagBytes = 12;

    public string ContentType => contentType;

    /// <summary>As gzip.</summary>
    public byte[] Compressed => compressed;

    /// <summary>Another one for other content.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(Sha256.Hash(compressed).AsSpan(0, TagBytes))}\"";
}
