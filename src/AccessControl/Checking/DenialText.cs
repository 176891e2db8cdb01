using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Encoding = System.Text.Encoding;

namespace Bixbite.AccessControl.Checking;

/// <summary>Denials in words.</summary>
public static class DenialText
{
    /// <summary>For who is denied: keys and channels are not told, for they may be what a script keeps to itself.</summary>
    public static byte[] Brief(Denial denial, User user, Command command) => denial.Reason switch
    {
        DenialReason.Key => Encoding.ASCII.GetBytes(AccessErrorText.NoKey),
        DenialReason.Channel => Encoding.ASCII.GetBytes(AccessErrorText.NoChannel),
        DenialReason.Database => Encoding.ASCII.GetBytes(AccessErrorText.NoDatabase),
        _ => OfCommand(user, command),
    };

    /// <summary>For who asks about a user (ACL DRYRUN).</summary>
    public static byte[] Full(Denial denial, User user, Command command, ReadOnlySpan<byte> argument) => denial.Reason switch
    {
        DenialReason.Key => OfUser(user, "access the '"u8, argument, "' key"u8),
        DenialReason.Channel => OfUser(user, "access the '"u8, argument, "' channel"u8),
        DenialReason.Database => OfUser(user, "access database "u8, argument, default),
        _ => OfCommand(user, command),
    };

    /// <summary>For EXEC, whose request was admitted when it was queued.</summary>
    public static ReadOnlySpan<byte> Changed(Denial denial) => denial.Reason switch
    {
        DenialReason.Command => "no permission to execute the command or subcommand"u8,
        DenialReason.Key => "no permission to touch the specified keys"u8,
        DenialReason.Channel => "no permission to access one of the channels used as arguments"u8,
        _ => "no permission to access the database"u8,
    };

    private static byte[] OfCommand(User user, Command command) => OfUser(user, "run the '"u8, command.FullName, "' command"u8);

    private static byte[] OfUser(User user, ReadOnlySpan<byte> deed, ReadOnlySpan<byte> what, ReadOnlySpan<byte> end) =>
        [.. "User "u8, .. user.Name, .. " has no permissions to "u8, .. deed, .. what, .. end];
}
