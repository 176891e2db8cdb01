using Bixbite.Configuration.Kinds;
using Bixbite.Platform;

namespace Bixbite.Configuration.ConfigFiles;

public enum StartAction
{
    Serve,
    ShowVersion,
    ShowHelp,

    /// <summary>Check an RDB file instead of serving.</summary>
    CheckRdb,

    /// <summary>Check an append only log instead of serving.</summary>
    CheckAof,

    /// <summary>Check the configuration instead of serving.</summary>
    CheckConfig,

    /// <summary>Ask the server that has this configuration whether it lives.</summary>
    CheckAlive,

    /// <summary>Ask it whether it serves.</summary>
    CheckReady,
}

/// <summary>
/// The command line: <c>[file] [options] [-]</c>. Options become lines as a file would have them: <c>--port 7000</c> is
/// <c>port "7000"</c>, and words up to the next option belong to the one before. The word right after an option is its value even if
/// it begins with <c>--</c>; only <c>--save</c> may have none, which is the empty one.
/// </summary>
public sealed class StartOptions
{
    private StartOptions()
    {
    }

    public StartAction Action { get; private init; }

    /// <summary>The configuration file by its absolute path, or null.</summary>
    public string? ConfigPath { get; private init; }

    public bool ReadsStandardInput { get; private set; }

    /// <summary>With an action that checks: the words behind its name.</summary>
    public IReadOnlyList<string> CheckArguments { get; private init; } = [];

    public IReadOnlyList<string> Lines => _lines;

    private readonly List<string> _lines = [];

    public static string Help { get; } =
        """
        Usage: bixbite-server [/path/to/bixbite.conf] [options] [-]
               bixbite-server - (read the configuration from standard input)
               bixbite-server -v or --version
               bixbite-server -h or --help
               bixbite-server --check-config FILE [options] [-] (say whether a server could start with them)
               bixbite-server --check-alive|--check-ready [FILE] [options] [-] (ask the server that runs with them how it is)
               bixbite-server --check-rdb FILE (check a snapshot)
               bixbite-server --check-aof [--fix|--truncate-to-timestamp TIME] DIR|MANIFEST|FILE (check or repair an append only log)

        Examples:
               bixbite-server (run with the defaults)
               bixbite-server /etc/bixbite.conf --loglevel verbose
               bixbite-server --port 7000 --bind 127.0.0.1 ::1
               echo 'maxmemory 128mb' | bixbite-server -

        """;

    public static StartOptions Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            return new StartOptions();
        }
        if (arguments[0] is "-v" or "--version")
        {
            return new StartOptions { Action = StartAction.ShowVersion };
        }
        if (arguments[0] is "-h" or "--help")
        {
            return new StartOptions { Action = StartAction.ShowHelp };
        }

        if (arguments[0] is "--check-rdb" or "--check-aof")
        {
            StartAction action = arguments[0] == "--check-rdb" ? StartAction.CheckRdb : StartAction.CheckAof;
            return new StartOptions { Action = action, CheckArguments = [.. arguments.Skip(1)] };
        }

        StartAction wanted = arguments[0] switch
        {
            "--check-config" => StartAction.CheckConfig,
            "--check-alive" => StartAction.CheckAlive,
            "--check-ready" => StartAction.CheckReady,
            _ => StartAction.Serve,
        };
        int start = wanted == StartAction.Serve ? 0 : 1;
        bool hasFile = start < arguments.Count && !arguments[start].StartsWith('-');
        StartOptions options = new()
        {
            Action = wanted,
            ConfigPath = hasFile ? Paths.Full(arguments[start]) : null,
        };
        options.ReadOptions(arguments, hasFile ? start + 1 : start);
        return options;
    }

    private void ReadOptions(IReadOnlyList<string> arguments, int start)
    {
        bool isValueNext = false;
        for (int i = start; i < arguments.Count; i++)
        {
            string word = arguments[i];
            bool isLast = i == arguments.Count - 1;
            if (word == "-" && (i == 0 || isLast))
            {
                ReadsStandardInput = true;
            }
            else if (!isValueNext && word.StartsWith("--", StringComparison.Ordinal))
            {
                bool isNextOption = !isLast && arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
                bool isEmptySave = word.Equals("--save", StringComparison.OrdinalIgnoreCase) && (isLast || isNextOption);
                _lines.Add(word[2..] + (isEmptySave ? " \"\"" : ""));
                isValueNext = !isEmptySave && ConfigWords.TrySplit(word, out List<string>? words) && words.Count == 1;
            }
            else
            {
                AddValue(TextSetting.Quote(word));
                isValueNext = false;
            }
        }
    }

    private void AddValue(string quoted)
    {
        if (_lines.Count == 0)
        {
            _lines.Add(quoted);
        }
        else
        {
            _lines[^1] += " " + quoted;
        }
    }
}
