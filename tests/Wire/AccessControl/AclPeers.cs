using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>Redis and the server under test side by side, for ACL: what both know, and their replies to the same words.</summary>
internal sealed partial class AclPeers : IDisposable
{
    private readonly RedisPeer _redis;
    private readonly TestServer _server;

    public AclPeers(params string[] options)
    {
        _redis = RedisPeer.Start(options);
        _server = TestServer.Start(options);
        Redis = _redis.Connect();
        Ours = _server.Connect();
        Dictionary<string, int> theirs = CommandsOf(Redis);
        Dictionary<string, int> own = CommandsOf(Ours);
        Arities = theirs.Where(entry => own.ContainsKey(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary();
    }

    public RespConnection Redis { get; }

    public RespConnection Ours { get; }

    /// <summary>The commands and subcommands that both have, with their arities.</summary>
    public Dictionary<string, int> Arities { get; }

    public static Reply Call(RespConnection connection, params string[] words)
    {
        connection.Send(CommandLine.Encode([.. words.Select(Encoding.Latin1.GetBytes)]));
        return connection.Read();
    }

    /// <summary>Both replies; ours tells a denial in the words of later releases, which name the user.</summary>
    public (string Redis, string Ours) Both(params string[] words) =>
        (UserRegex().Replace(Call(Redis, words).ToString(), "\"User u has"), Call(Ours, words).ToString());

    public void Dispose()
    {
        Redis.Dispose();
        Ours.Dispose();
        _redis.Dispose();
        _server.Dispose();
    }

    private static Dictionary<string, int> CommandsOf(RespConnection connection)
    {
        var commands = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Reply command in Call(connection, "COMMAND").Items)
        {
            commands[command.Items[0].Text] = (int)command.Items[1].Integer;
            foreach (Reply subcommand in command.Items[9].Items)
            {
                commands[subcommand.Items[0].Text] = (int)subcommand.Items[1].Integer;
            }
        }
        return commands;
    }

    [GeneratedRegex("^\"This user has")]
    private static partial Regex UserRegex();
}
