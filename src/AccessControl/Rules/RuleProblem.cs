namespace Bixbite.AccessControl.Rules;

/// <summary>Why a rule cannot be applied.</summary>
public enum RuleProblem
{
    None,
    Syntax,
    UnknownCommand,
    KeysAfterAll,
    ChannelsAfterAll,
    NoSuchPassword,
    BadHash,
    FirstArgumentOfSubcommand,
    DatabaseOutOfRange,
    DuplicateUser,
}

/// <summary>Problems in Redis' words.</summary>
internal static class RuleProblems
{
    public static string TextOf(RuleProblem problem) => problem switch
    {
        RuleProblem.UnknownCommand => "Unknown command or category name in ACL",
        RuleProblem.KeysAfterAll => AfterAll("allkeys", "resetkeys", "patterns"),
        RuleProblem.ChannelsAfterAll => AfterAll("allchannels", "resetchannels", "channels"),
        RuleProblem.NoSuchPassword => "The password you are trying to remove from the user does not exist",
        RuleProblem.BadHash => "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters",
        RuleProblem.FirstArgumentOfSubcommand => "Allowing first-arg of a subcommand is not supported",
        RuleProblem.DatabaseOutOfRange => "The provided database ID is out of range",
        RuleProblem.DuplicateUser => "Duplicate user found. A user can only be defined once in config files",
        _ => "Syntax error",
    };

    private static string AfterAll(string all, string reset, string what) =>
        $"Adding a pattern after the * pattern (or the '{all}' flag) is not valid and does not have any effect. "
        + $"Try '{reset}' to start with an empty list of {what}";
}
