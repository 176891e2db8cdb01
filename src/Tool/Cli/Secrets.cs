using System.Text;
using Bixbite.Structures.Text;

namespace Bixbite.Tool.Cli;

/// <summary>Knows the commands that hold passwords, which no history file should.</summary>
internal static class Secrets
{
    private static readonly HashSet<string> s_settings = new(StringComparer.OrdinalIgnoreCase)
    {
        "requirepass", "masterauth", "primaryauth", "masteruser", "tls-key-file-pass", "tls-client-key-file-pass",
    };

    private static readonly HashSet<string> s_options = new(StringComparer.OrdinalIgnoreCase)
    {
        "auth", "auth2", "auth-pass", "auth-user", "sentinel-pass", "sentinel-user",
    };

    public static bool AreIn(ReadOnlySpan<byte> line)
    {
        // What is not finished may hold the half of a password.
        if (!QuotedWords.TrySplit(line, out List<byte[]> parts))
        {
            return true;
        }
        string[] words = [.. parts.Select(Encoding.UTF8.GetString)];
        return words.Length > 0 && (words.Any(s_options.Contains)
            || (words.Any(Is("config")) && words.Any(s_settings.Contains))
            || (words.Any(Is("acl")) && words.Any(Is("setuser"))));
    }

    private static Func<string, bool> Is(string name) => word => word.Equals(name, StringComparison.OrdinalIgnoreCase);
}
