using System.Globalization;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Values;
using Bixbite.Platform;

namespace Bixbite.Launcher.Checking;

/// <summary>
/// Checks a log as redis-check-aof does and in its words: a manifest and the files it names, or a single file. With <c>--fix</c> the last
/// file is cut back to its last good request after a question; with a time, to the last request before it. What is cut off is kept beside
/// the file.
/// </summary>
internal sealed class CheckAof
{
    private const string Usage =
        "Usage: bixbite-server --check-aof [--fix|--truncate-to-timestamp $timestamp] <directory|file.manifest|file.aof>";

    private readonly IDisk _disk;
    private readonly ValueCodecs _codecs;
    private readonly TextWriter _out;
    private readonly TextReader _answers;
    private readonly CheckProgress _progress;
    private bool _isFixing;
    private long _timeLimit;

    public CheckAof(IDisk disk, ValueCodecs codecs, TextWriter output, TextReader answers, TextWriter progress)
    {
        _disk = disk;
        _codecs = codecs;
        _out = output;
        _answers = answers;
        _progress = new CheckProgress(progress);
    }

    private enum Ending
    {
        Failed,
        Valid,
        Empty,
        Truncated,
        TruncatedToTime,
    }

    /// <summary>Runs with these words of the command line; returns the exit code.</summary>
    public int Run(IReadOnlyList<string> arguments)
    {
        int next = 0;
        if (arguments.Count > 1 && arguments[0] == "--fix")
        {
            _isFixing = true;
            next = 1;
        }
        else if (arguments.Count > 2 && arguments[0] == "--truncate-to-timestamp")
        {
            if (!long.TryParse(arguments[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _timeLimit))
            {
                return Fail("Invalid timestamp, aborting...");
            }
            next = 2;
        }
        if (arguments.Count != next + 1)
        {
            return Fail(Usage);
        }
        return Check(arguments[next]);
    }

    private int Check(string path)
    {
        if (Directory.Exists(path))
        {
            string[] manifests = [.. _disk.List(path).Where(name => name.EndsWith(".manifest", StringComparison.Ordinal)
                && !name.StartsWith("temp-", StringComparison.Ordinal))];
            if (manifests.Length != 1)
            {
                return Fail($"There is {(manifests.Length == 0 ? "no" : "more than one")} manifest in {path}: name the file to check");
            }
            path = Path.Combine(path, manifests[0]);
        }
        byte[]? head = Head(path, 4096, out int error);
        if (head is null)
        {
            return Fail($"Cannot open file {path}: {Errno.Text(error)}");
        }
        if (IsManifest(head))
        {
            return CheckManifest(path);
        }
        _out.WriteLine("Start checking Old-Style AOF");
        Ending ending = CheckFile(path, path, isLast: true, IsSnapshot(head));
        Tell(ending, "AOF", path);
        return ending == Ending.Failed ? 1 : 0;
    }

    private int CheckManifest(string path)
    {
        _out.WriteLine("Start checking Multi Part AOF");
        byte[]? text = Head(path, int.MaxValue, out int error);
        if (text is null)
        {
            return Fail($"Fatal error: can't open the AOF manifest file {path} for reading: {Errno.Text(error)}");
        }
        if (!AofManifest.TryParse(text, out AofManifest? manifest, out string? problem))
        {
            _out.WriteLine("*** FATAL AOF MANIFEST FILE ERROR ***");
            return Fail(problem);
        }
        AofFile[] files = [.. manifest.Files];
        for (int i = 0; i < files.Length; i++)
        {
            if (!CheckPart(path, files[i], isLast: i == files.Length - 1, isFirstIncrement: i == (manifest.Base is null ? 0 : 1)))
            {
                return 1;
            }
        }
        _out.WriteLine("All AOF files and manifest are valid");
        return 0;
    }

    private bool CheckPart(string manifestPath, AofFile file, bool isLast, bool isFirstIncrement)
    {
        string path = Path.Combine(Paths.FolderOf(manifestPath), file.Name);
        bool isBase = file.Kind == AofFileKind.Base;
        bool isSnapshot = isBase && Head(path, 8, out _) is { } head && IsSnapshot(head);
        if (isBase)
        {
            _out.WriteLine($"Start to check BASE AOF ({(isSnapshot ? "RDB" : "RESP")} format).");
        }
        else if (isFirstIncrement)
        {
            _out.WriteLine("Start to check INCR files.");
        }
        Ending ending = CheckFile(path, file.Name, isLast, isSnapshot);
        Tell(ending, isBase ? "BASE AOF" : "INCR AOF", file.Name);
        return ending != Ending.Failed;
    }

    private Ending CheckFile(string path, string name, bool isLast, bool isSnapshot)
    {
        int result = _disk.Open(path, out IDiskFile? file);
        if (result < 0 || file is null)
        {
            return Failed($"Cannot open file {path}: {Errno.Text(-result)}, aborting...");
        }
        using (file)
        {
            if (file.Length == 0)
            {
                return Ending.Empty;
            }
            var text = new CheckedFile(file);
            if (isSnapshot)
            {
                long end = new CheckRdb(_disk, _codecs, _out, _progress).CheckPreamble(path, name);
                if (end < 0)
                {
                    return Failed("RDB preamble of AOF file is not sane, aborting.");
                }
                _out.WriteLine("RDB preamble is OK, proceeding with AOF tail...");
                text.Bytes(end, []);
            }
            var scan = new LogScan(text, path);
            _progress.Begin(name, text.Length);
            scan.Run(_timeLimit, _progress.Report);
            return scan.LateOffset >= 0 || scan.HasWrongTime
                ? CutToTime(scan, path, isLast)
                : Judge(scan, text, path, name, isLast);
        }
    }

    private Ending CutToTime(LogScan scan, string path, bool isLast)
    {
        if (scan.HasWrongTime)
        {
            return Failed("Invalid timestamp annotation");
        }
        if (scan.LateOffset == 0)
        {
            return Failed(Invariant($"AOF {path} has nothing before timestamp {_timeLimit}, aborting..."));
        }
        if (!isLast)
        {
            _out.WriteLine(Invariant(
                $"Failed to truncate AOF {path} to timestamp {_timeLimit} to offset {scan.LateOffset} because it is not the last file."));
            return Failed(
                "If you insist, please delete all files after this file according to the manifest file and delete the corresponding "
                + "records in manifest file manually. Then re-run the check.");
        }
        return Cut(path, scan.LateOffset) is { } problem
            ? Failed(Invariant($"Failed to truncate AOF {path} to timestamp {_timeLimit}: {problem}"))
            : Ending.TruncatedToTime;
    }

    private Ending Judge(LogScan scan, CheckedFile text, string path, string name, bool isLast)
    {
        if (text.HasFailed)
        {
            return Failed($"Failed to read from AOF {name}, aborting...");
        }
        if (scan.HasFormatError)
        {
            _out.WriteLine($"AOF {name} format error");
        }
        if (scan.Error.Length > 0)
        {
            _out.WriteLine(scan.Error);
        }
        long lost = text.Length - scan.GoodEnd;
        if (lost == 0 && _timeLimit != 0)
        {
            _out.WriteLine(Invariant($"Truncate nothing in AOF {name} to timestamp {_timeLimit}"));
            return Ending.Valid;
        }
        _out.WriteLine(Invariant($"AOF analyzed: filename={name}, size={text.Length}, ok_up_to={scan.GoodEnd}, ")
            + Invariant($"ok_up_to_line={scan.Line}, diff={lost}"));
        return lost == 0 ? Ending.Valid
            : !_isFixing ? Failed($"AOF {name} is not valid. Use the --fix option to try fixing it.")
            : !isLast ? Failed($"Failed to truncate AOF {name} because it is not the last file")
            : Shrink(path, name, text.Length, scan.GoodEnd);
    }

    private Ending Shrink(string path, string name, long length, long goodEnd)
    {
        _out.WriteLine(Invariant(
            $"This will shrink the AOF {name} from {length} bytes, with {length - goodEnd} bytes, to {goodEnd} bytes"));
        _out.Write("Continue? [y/N]: ");
        _out.Flush();
        if (_answers.Read() is not ('y' or 'Y'))
        {
            return Failed("Aborting...");
        }
        return Cut(path, goodEnd) is { } problem ? Failed($"Failed to truncate AOF {name}: {problem}") : Ending.Truncated;
    }

    private string? Cut(string path, long offset)
    {
        if (FindUser(Paths.FolderOf(path)) is { } user)
        {
            return user;
        }
        string? problem = AofCut.Cut(_disk, path, offset);
        if (problem is null)
        {
            _out.WriteLine($"What is cut off is kept in {AofCut.SidePathOf(path, offset)}");
        }
        return problem;
    }

    /// <summary>A server that writes one of the logs of a folder, or null. The tool is done before another one could begin.</summary>
    private string? FindUser(string folder)
    {
        foreach (string name in _disk.List(folder).Where(name => name.EndsWith(AofDirectory.LockSuffix, StringComparison.Ordinal)))
        {
            int result = _disk.Lock(Path.Combine(folder, name), out IDisposable? hold, out int holderId);
            hold?.Dispose();
            if (result == -Errno.EAGAIN)
            {
                return AofDirectory.InUse(folder, holderId);
            }
        }
        return null;
    }

    private void Tell(Ending ending, string kind, string name)
    {
        switch (ending)
        {
            case Ending.Valid:
                _out.WriteLine($"{kind} {name} is valid");
                break;
            case Ending.Empty:
                _out.WriteLine($"{kind} {name} is empty");
                break;
            case Ending.Truncated:
                _out.WriteLine($"Successfully truncated AOF {name}");
                break;
            case Ending.TruncatedToTime:
                _out.WriteLine(Invariant($"Successfully truncated AOF {name} to timestamp {_timeLimit}"));
                break;
        }
    }

    private byte[]? Head(string path, int sizeMax, out int error)
    {
        int result = _disk.Open(path, out IDiskFile? file);
        using (file)
        {
            error = Math.Max(-result, 0);
            if (result < 0 || file is null)
            {
                return null;
            }
            byte[] head = new byte[Math.Min(file.Length, sizeMax)];
            new CheckedFile(file).Bytes(head.Length, head);
            return head;
        }
    }

    private static bool IsSnapshot(byte[] head) => head.Length >= 8 && head.AsSpan().StartsWith("REDIS"u8);

    /// <summary>Whether the first line that is no comment speaks of a file.</summary>
    private static bool IsManifest(byte[] head)
    {
        ReadOnlySpan<byte> rest = head;
        while (rest is [(byte)'#', ..])
        {
            rest = rest[(rest.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : rest.Length)..];
        }
        return rest.StartsWith("file"u8);
    }

    private Ending Failed(string problem)
    {
        Fail(problem);
        return Ending.Failed;
    }

    private int Fail(string problem)
    {
        _out.WriteLine(problem);
        return 1;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
