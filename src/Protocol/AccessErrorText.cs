namespace Bixbite.Protocol;

/// <summary>The errors of access control: what a user may not do, and what ACL cannot do.</summary>
public static class AccessErrorText
{
    public const string NoKey = "No permissions to access a key";
    public const string NoChannel = "No permissions to access a channel";
    public const string NoDatabase = "No permissions to access database";

    public static ReadOnlySpan<byte> BadUserName => "ERR Usernames can't contain spaces or null characters"u8;
    public static ReadOnlySpan<byte> DefaultUserStays => "ERR The 'default' user cannot be removed"u8;
    public static ReadOnlySpan<byte> SaveFailed =>
        "ERR There was an error trying to save the ACLs. Please check the server logs for more information"u8;

    public static ReadOnlySpan<byte> PasswordBits =>
        "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096"u8;

    public static ReadOnlySpan<byte> NoFile =>
        "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and "u8 +
        "then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis "u8 +
        "configuration."u8;

    public static ReadOnlySpan<byte> TooManyAttempts =>
        "ERR Too many failed attempts to authenticate. Try again in some seconds."u8;

    public static ReadOnlySpan<byte> SortBy => "ERR BY option of SORT denied due to insufficient ACL permissions."u8;
    public static ReadOnlySpan<byte> SortGet => "ERR GET option of SORT denied due to insufficient ACL permissions."u8;

    /// <summary>A request of a client is refused.</summary>
    public static void NoPermission(ReplyWriter reply, ReadOnlySpan<byte> reason) => Answer(reply, "NOPERM "u8, reason);

    /// <summary>A request of a transaction is refused that was admitted when it was queued.</summary>
    public static void NoPermissionAnyMore(ReplyWriter reply, ReadOnlySpan<byte> reason) => Answer(
        reply,
        "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. "u8
            + "This command is no longer allowed for the following reason: "u8,
        reason);

    /// <summary>A call of a script is refused.</summary>
    public static void NoPermissionInScript(ReplyWriter reply, ReadOnlySpan<byte> reason) =>
        Answer(reply, "ERR ACL failure in script: "u8, reason);

    public static void UnknownUser(ReplyWriter reply, ReadOnlySpan<byte> user) =>
        new ErrorLine(reply).Text("ERR User '"u8).Argument(user).Text("' not found"u8).End();

    public static void UnknownCommand(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR Command '"u8).Argument(command).Text("' not found"u8).End();

    public static void UnknownCategory(ReplyWriter reply, ReadOnlySpan<byte> category) =>
        new ErrorLine(reply).Text("ERR Unknown category '"u8).Argument(category, 128).Text("'"u8).End();

    private static void Answer(ReplyWriter reply, ReadOnlySpan<byte> beginning, ReadOnlySpan<byte> reason) =>
        new ErrorLine(reply).Text(beginning).Argument(reason).End();
}
