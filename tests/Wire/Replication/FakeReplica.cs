using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>A replica of which the test says every byte, and what it does not say.</summary>
internal sealed class FakeReplica : IDisposable
{
    public FakeReplica(ServerAddress server, string capabilities = "capa eof capa psync2")
        : this(RespConnection.Open(server), capabilities)
    {
    }

    public FakeReplica(RespConnection connection, string capabilities = "capa eof capa psync2")
    {
        Connection = connection;
        Assert.Equal("OK", Connection.Call($"REPLCONF listening-port 7777 {capabilities}").Text);
    }

    public RespConnection Connection { get; }

    /// <summary>The history that it was told of.</summary>
    public string Id { get; private set; } = "?";

    /// <summary>The position behind all that it has got.</summary>
    public long End { get; private set; } = -1;

    /// <summary>Asks for all data, and reads until the snapshot begins; returns the mark, or a length.</summary>
    public string BeginFull()
    {
        Connection.Send("PSYNC ? -1");
        ReadGreeting();
        return ReadLine();
    }

    /// <summary>Asks for all data, and reads it; returns the snapshot.</summary>
    public byte[] ReadFull()
    {
        Connection.Send("PSYNC ? -1");
        return ReadSnapshot();
    }

    /// <summary>Reads all data, which it has asked for.</summary>
    public byte[] ReadSnapshot()
    {
        ReadGreeting();
        string line = ReadLine();
        return line.StartsWith("$EOF:", StringComparison.Ordinal)
            ? Connection.ReadUpTo(Encoding.ASCII.GetBytes(line[5..]))
            : Connection.ReadBytes(int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture));
    }

    /// <summary>Gets all data and acknowledges it: the stream follows.</summary>
    public void GoOnline()
    {
        ReadFull();
        Acknowledge(End);
    }

    public void Acknowledge(long end, string more = "") => Connection.Send($"REPLCONF ACK {end}{more}");

    /// <summary>The next request of the stream but PING, as words.</summary>
    public string NextRequest()
    {
        while (true)
        {
            byte[] bytes = Connection.ReadRaw();
            End += bytes.Length;
            Assert.True(Reply.TryRead(bytes, out Reply? request, out _));
            string words = string.Join(' ', request!.Items.Select(static item => item.Text));
            if (words != "PING")
            {
                return words;
            }
        }
    }

    /// <summary>So many bytes of the stream were read by other means.</summary>
    public void Skip(long size) => End += size;

    /// <summary>The next line that is not empty.</summary>
    public string ReadLine()
    {
        string line;
        while ((line = Encoding.Latin1.GetString(Connection.ReadUpTo("\n"u8)).Trim()).Length == 0)
        {
        }
        return line;
    }

    public void Dispose() => Connection.Dispose();

    private void ReadGreeting()
    {
        string[] words = ReadLine().Split(' ');
        Assert.Equal("+FULLRESYNC", words[0]);
        Id = words[1];
        End = long.Parse(words[2], CultureInfo.InvariantCulture);
    }
}
