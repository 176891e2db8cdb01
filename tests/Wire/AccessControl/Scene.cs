using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>
/// A story of clients of one server, a line for each step. Clients are opened when they are first named; <c>user</c> logs in as <c>u</c>
/// once there are <c>rights</c>.
/// <code>
///   rights +get ~k*          the user u has these rules and no others
///   who: command => reply    is answered so; two dots at its end stand for anything more; without a reply: with no error
///   who> command             is sent, and nothing read
///   who&lt;&lt; "bytes"             the same with bytes that are no command, or several
///   who&lt; reply               is read
///   who closed               the server closes the connection, and sends nothing more
///   blocked N                so many clients wait
/// </code>
/// </summary>
internal sealed class Scene : IDisposable
{
    private const string UserName = "user";

    private readonly TestServer _server;
    private readonly Dictionary<string, RespConnection> _clients = [];

    private Scene(params string[] options) => _server = TestServer.Start(options);

    /// <summary>Plays all lines; fails at the first that goes another way.</summary>
    public static void Play(string text, params string[] options)
    {
        using Scene scene = new(options);
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            scene.Play(line);
        }
    }

    public void Dispose()
    {
        foreach (RespConnection client in _clients.Values)
        {
            client.Dispose();
        }
        _server.Dispose();
    }

    private void Play(string line)
    {
        string word = line.Split(' ')[0];
        string rest = line[word.Length..].Trim();
        string name = word.TrimEnd(':', '>', '<');
        switch (word[name.Length..])
        {
            case ":":
                string[] parts = rest.Split(" => ");
                Of(name).Send(parts[0]);
                Check(line, Of(name), parts.Length > 1 ? parts[1] : null);
                break;
            case ">":
                Of(name).Send(rest);
                break;
            case "<<":
                Of(name).Send(CommandLine.Split(rest)[0]);
                break;
            case "<":
                Check(line, Of(name), rest);
                break;
            default:
                Do(word, rest);
                break;
        }
    }

    private void Do(string word, string rest)
    {
        switch (word)
        {
            case "rights":
                Assert.Equal("+OK", Of("admin").Call($"ACL SETUSER u reset on >p resetchannels {rest}").ToString());
                if (!_clients.ContainsKey(UserName))
                {
                    Assert.Equal("+OK", Of(UserName).Call("AUTH u p").ToString());
                }
                break;
            case "blocked":
                Of("admin").AwaitBlocked(int.Parse(rest, System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                Assert.Equal("closed", rest);
                Assert.Empty(Of(word).ReadToEnd());
                break;
        }
    }

    private static void Check(string line, RespConnection client, string? expected)
    {
        Reply reply = client.Read();
        string actual = reply.ToString();
        expected = expected?.Split(' ') switch
        {
            null => null,
            ["NOAUTH"] => "-NOAUTH Authentication required.",
            ["NOKEY"] => "-NOPERM No permissions to access a key",
            ["NOCHANNEL"] => "-NOPERM No permissions to access a channel",
            ["NOCOMMAND", var command] => $"-NOPERM User u has no permissions to run the '{command}' command",
            ["WRONGPASS"] => "-WRONGPASS invalid username-password pair or user is disabled.",
            _ => expected,
        };
        bool isRight = expected is null ? !reply.IsError
            : expected.EndsWith("..", StringComparison.Ordinal) ? actual.StartsWith(expected[..^2], StringComparison.Ordinal)
            : actual == expected;
        Assert.True(isRight, $"{line}\n  was answered {actual}");
    }

    private RespConnection Of(string name)
    {
        if (!_clients.TryGetValue(name, out RespConnection? client))
        {
            _clients.Add(name, client = _server.Connect());
        }
        return client;
    }
}
