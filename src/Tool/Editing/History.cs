using System.Text;

namespace Bixbite.Tool.Editing;

/// <summary>
/// The lines that were typed, the newest last, kept in a file that only its owner may read. Losing the file is no reason to fail: the lines
/// are remembered until the end then.
/// </summary>
/// <param name="path">The file; null for none.</param>
internal sealed class History(string? path)
{
    private const int CountMax = 1000;

    private readonly List<string> _lines = [];

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    public void Load()
    {
        try
        {
            if (path is not null && File.Exists(path))
            {
                _lines.AddRange(File.ReadLines(path).Where(line => line.Length > 0).TakeLast(CountMax));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _lines.Clear();
        }
    }

    /// <summary>Remembers a line, unless it was the last one; a secret one only until the end.</summary>
    public void Add(string line, bool isSecret)
    {
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }
        _lines.Add(line);
        if (_lines.Count > CountMax)
        {
            _lines.RemoveAt(0);
        }
        if (!isSecret)
        {
            Append(line);
        }
    }

    private void Append(string line)
    {
        if (path is null)
        {
            return;
        }
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using FileStream file = new(path, options);
            file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The line is remembered until the end.
        }
    }
}
