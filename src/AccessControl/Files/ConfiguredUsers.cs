using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Logging;

namespace Bixbite.AccessControl.Files;

/// <summary>The users that <c>user</c> lines of the configuration declare.</summary>
internal static class ConfiguredUsers
{
    /// <summary>Makes them; null, or the first line that is wrong.</summary>
    public static ConfigError? Load(UserTable users, IReadOnlyList<DirectiveLine> lines, ServerLog log)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (DirectiveLine line in lines)
        {
            string name = line.Words[0];
            if (!names.Add(name))
            {
                return Error(line, name, RuleProblems.TextOf(RuleProblem.DuplicateUser));
            }
            if (Load(users, line) is { } error)
            {
                return error;
            }
            if (users.TryFind(ByteText.Encode(name), out User? user) && !user.Rules.IsEnabled)
            {
                log.Write(
                    LogLevel.Notice,
                    $"The user '{name}' is disabled (there is no 'on' modifier in the user description). "
                        + "Make sure this is not a configuration error.");
            }
        }
        return null;
    }

    private static ConfigError? Load(UserTable users, DirectiveLine line)
    {
        byte[] name = ByteText.Encode(line.Words[0]);
        if (UserNames.HasBlank(name))
        {
            return Error(line, "user", "Spaces not allowed in ACL usernames");
        }
        byte[][] words = [.. line.Words.Skip(1).Select(ByteText.Encode)];
        if (!RuleWords.TryMerge(words, out List<byte[]> rules, out int open))
        {
            return Error(line, Shown(words[open]), "Unmatched parenthesis");
        }
        UserRules draft = users.NewRules();
        foreach (byte[] rule in rules)
        {
            RuleProblem problem = draft.Apply(rule);
            if (problem != RuleProblem.None)
            {
                return Error(line, Shown(rule), RuleProblems.TextOf(problem));
            }
        }
        users.Declare(name, draft);
        return null;
    }

    /// <summary>Passwords are not repeated, nor a selector, in which somebody may have put one.</summary>
    private static string Shown(byte[] rule) => rule is [(byte)'>' or (byte)'<' or (byte)'#' or (byte)'!' or (byte)'(', ..]
        ? (char)rule[0] + "..."
        : ByteText.Decode(rule);

    private static ConfigError Error(DirectiveLine line, string what, string problem) =>
        new(line.Place, $"Error in user declaration '{what}': {problem}");
}
