using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tracking;

/// <summary>
/// Several clients of one server, and the bytes that each of them gets. A line is a client's name, a colon and its command; the digit at
/// the end of a name is the client's protocol. <c>{B2}</c> stands for the id of client B2, in commands and in what comes back.
/// <code>
///   A3: GET k              A3 sends a command and waits for its reply
///   A3: GET k | SET k 2    and several at once
///   A3? tracking_          of INFO, the lines that contain this
///   A3/ flags redir        of its line of CLIENT LIST, these fields
///   close B2               the client leaves
///   wait 300               milliseconds at least
///   until C2 DBSIZE :0     C2 asks until that is the answer
///   sync                   everybody takes what has come for it so far; so at the end
/// </code>
/// </summary>
internal sealed class Story(Func<RespConnection> connect) : IDisposable
{
    private const string Marker = "everything before this has come";

    private readonly SortedDictionary<string, Client> _clients = new(StringComparer.Ordinal);

    /// <summary>Tells the story beside Redis; the bytes must be the same.</summary>
    public static void SameAsRedis(string script, params string[] options)
    {
        using RedisPeer redis = RedisPeer.Start(options);
        using TestServer server = TestServer.Start(options);
        using Story expected = new(redis.Connect);
        using Story actual = new(server.Connect);
        Assert.Equal(expected.Tell(script), actual.Tell(script));
    }

    /// <summary>What each client got, in the order of their names.</summary>
    public string Tell(string script)
    {
        foreach (string line in script.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            Step(line);
        }
        Sync();
        StringBuilder transcript = new();
        foreach ((string name, Client client) in _clients)
        {
            transcript.Append(name).AppendLine(" got").Append(client.Transcript);
        }
        return transcript.ToString();
    }

    public void Dispose()
    {
        foreach (Client client in _clients.Values)
        {
            client.Connection.Dispose();
        }
    }

    private void Step(string line)
    {
        string[] words = line.Split(' ', 2);
        switch (words[0])
        {
            case "sync":
                Sync();
                return;
            case "wait":
                Thread.Sleep(int.Parse(words[1], CultureInfo.InvariantCulture));
                return;
            case "until":
                string[] parts = words[1].Split(' ');
                Await(ClientOf(parts[0]), string.Join(' ', parts[1..^1]), parts[^1]);
                return;
            case "close":
                Close(words[1]);
                return;
            default:
                Command(ClientOf(words[0][..^1]), words[0][^1], words[1]);
                return;
        }
    }

    private void Command(Client client, char kind, string text)
    {
        if (kind == '?')
        {
            Sync();
            IEnumerable<string> lines = client.Connection.Call("INFO").Text.Split("\r\n").Where(line => line.Contains(text));
            client.Transcript.AppendLine(string.Join(", ", lines));
        }
        else if (kind == '/')
        {
            string info = client.Connection.Call("CLIENT INFO").Text;
            foreach (string field in text.Split(' '))
            {
                client.Transcript.AppendLine(Named(Regex.Match(info, $" {field}=\\S*").Value));
            }
        }
        else
        {
            string[] commands = text.Split(" | ");
            client.Connection.Send([.. commands.SelectMany(command => CommandLine.Encode(WithIds(command)))]);
            foreach (string command in commands)
            {
                client.Transcript.AppendLine($"  {command}");
                while (Note(client, command).IsPush)
                {
                }
            }
        }
    }

    /// <summary>Asks until that is the answer; what comes meanwhile is noted, how often it was asked is not.</summary>
    private static void Await(Client client, string command, string answer) => Patience.Until(
        () =>
        {
            client.Connection.Send(command);
            while (true)
            {
                string text = Encoding.Latin1.GetString(client.Connection.ReadRaw());
                if (!text.StartsWith('>'))
                {
                    return text == answer + "\r\n";
                }
                client.Transcript.AppendLine("    " + text.Replace("\r\n", "\\r\\n", StringComparison.Ordinal));
            }
        },
        $"{command} never answers {answer}");

    private void Close(string name)
    {
        Client client = ClientOf(name);
        client.Connection.Call("QUIT");
        client.Connection.ReadToEnd();
        client.Connection.Dispose();
        client.IsGone = true;
    }

    /// <summary>Everybody takes what has come so far.</summary>
    private void Sync()
    {
        foreach (Client client in _clients.Values.Where(client => !client.IsGone))
        {
            client.Connection.Send($"PING \"{Marker}\"");
            while (!Note(client, "").IsMarker)
            {
            }
        }
    }

    private (bool IsPush, bool IsMarker) Note(Client client, string command)
    {
        byte[] bytes = client.Connection.ReadRaw();
        string text = Encoding.Latin1.GetString(bytes);
        bool isMarker = text.Contains(Marker, StringComparison.Ordinal);
        if (!isMarker)
        {
            text = text.Replace("\r\n", "\\r\\n", StringComparison.Ordinal);
            bool hasIds = text.Contains("redir", StringComparison.Ordinal) || command.Contains("GETREDIR", StringComparison.Ordinal);
            client.Transcript.AppendLine("    " + (hasIds ? Named(text) : text));
        }
        bool isPush = text.StartsWith(">2\\r\\n$10\\r\\ninvalidate", StringComparison.Ordinal)
            || text.StartsWith(">2\\r\\n$21\\r\\ntracking-redir-broken", StringComparison.Ordinal);
        return (isPush, isMarker);
    }

    private Client ClientOf(string name)
    {
        if (!_clients.TryGetValue(name, out Client? client))
        {
            RespConnection connection = connect();
            connection.Call($"HELLO {name[^1]}");
            client = new Client(connection, connection.Call("CLIENT ID").Integer);
            _clients.Add(name, client);
        }
        return client;
    }

    private string WithIds(string command) => Regex.Replace(
        command, @"\{(\w+)\}", match => ClientOf(match.Groups[1].Value).Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The text with the clients' ids, which differ between servers, replaced by their names.</summary>
    private string Named(string text)
    {
        foreach ((string name, Client client) in _clients)
        {
            text = text.Replace($":{client.Id}\\r", $":{{{name}}}\\r", StringComparison.Ordinal);
            text = text.Replace($"redir={client.Id}", $"redir={{{name}}}", StringComparison.Ordinal);
        }
        return text;
    }

    private sealed class Client(RespConnection connection, long id)
    {
        public RespConnection Connection { get; } = connection;

        public long Id { get; } = id;

        public StringBuilder Transcript { get; } = new();

        public bool IsGone { get; set; }
    }
}
