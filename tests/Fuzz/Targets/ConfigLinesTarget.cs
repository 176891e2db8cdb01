using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Hosting;

namespace Bixbite.Fuzz.Targets;

/// <summary>Any file is loaded or refused; what CONFIG REWRITE makes of a loaded one loads again and says the same.</summary>
internal static class ConfigLinesTarget
{
    private const string Path = "x.conf";

    /// <summary>These two act on the process and the disk, so inputs that could name them are left out.</summary>
    private static readonly string[] s_acting = ["dir", "logfile"];

    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "# comment\nmaxmemory 64mb\n\nrequirepass \"a \\x00\\\"b\"\nslave-priority 3",
        "save 3600 1 60 5\nsave \"\"\nbind 127.0.0.1 -::1\nbind \"a b\"\nrename-command a \"\"",
        "client-output-buffer-limit normal 1 2kb 3\nnotify-keyspace-events 'KEx$'\nunixsocketperm 770\nloglevel debug",
        "latency-tracking-info-percentiles 50 99.9\nshutdown-on-sigterm nosave now\noom-score-adj-values 1 2 3\nproc-title-template 'x'");

    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = ByteText.Decode(input);
        if (s_acting.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }
        OneFile file = new(input.ToArray());
        Settings settings = Composition.CreateSettings();
        if (Load(settings, file) is not null)
        {
            return;
        }
        if (new ConfigRewrite(settings.Table, file).Run(Path) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        Settings again = Composition.CreateSettings();
        if (Load(again, file) is { } error)
        {
            throw new InvalidOperationException("The rewritten file does not load: " + error);
        }
        foreach ((Setting before, Setting after) in settings.Table.All.Zip(again.Table.All))
        {
            if (before.Text != after.Text)
            {
                throw new InvalidOperationException($"{before.Name} was '{before.Text}' and is now '{after.Text}'.");
            }
        }
    }

    private static ConfigError? Load(Settings settings, OneFile file) =>
        new ConfigLoader(settings, file).Load(StartOptions.Parse([Path]), Stream.Null);

    /// <summary>A disk with one file on it.</summary>
    private sealed class OneFile(byte[] content) : IConfigStore
    {
        private byte[] _content = content;

        public byte[]? Read(string path, out string? problem)
        {
            problem = null;
            return System.IO.Path.GetFileName(path) == Path ? _content : null;
        }

        public string? Replace(string path, ReadOnlySpan<byte> content)
        {
            _content = content.ToArray();
            return null;
        }

        public IReadOnlyList<string> Expand(string pattern) => [];
    }
}
