using System.Text;
using Bixbite.Configuration;
using Bixbite.Engine.Modules;
using Bixbite.Hosting;
using Bixbite.Logging;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Unit.Net;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>A server without sockets on a thread of its own; disposing stops it.</summary>
internal sealed class InProcessServer : IDisposable
{
    private readonly ServerLog _log = new(SystemClock.Instance) { Threshold = LogLevel.Nothing };
    private readonly Thread _thread;

    internal InProcessServer(Action<Settings>? change = null, Module[]? modules = null, string configPath = "")
    {
        Settings settings = Composition.CreateSettings(modules ?? []);
        change?.Invoke(settings);
        StartFacts facts = StartFacts.OfProcess(settings, configPath, _log) with
        {
            Transport = Transport.InProcess, Modules = modules ?? [],
        };
        Server = Composition.Build(settings, facts);
        Assert.Null(Server.Start());
        _thread = new Thread(Server.Run);
        _thread.Start();
    }

    internal BixbiteServer Server { get; }

    internal InProcessStream Connect()
    {
        InProcessStream client = Server.Connect();
        client.ReadTimeout = client.WriteTimeout = LineServer.PatienceMs;
        return client;
    }

    /// <summary>Sends an inline command and reads a reply of one line, or of one bulk string.</summary>
    internal static string Call(Stream client, string command)
    {
        client.Write(Encoding.ASCII.GetBytes(command + "\r\n"));
        string line = ReadLine(client);
        if (line[0] != '$' || line == "$-1")
        {
            return line;
        }
        byte[] bytes = new byte[int.Parse(line.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) + 2];
        client.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes.AsSpan(0, bytes.Length - 2));
    }

    internal static string ReadLine(Stream client)
    {
        StringBuilder line = new();
        while (client.ReadByte() is >= 0 and int value && value != '\n')
        {
            line.Append((char)value);
        }
        return line.ToString().TrimEnd('\r');
    }

    public void Dispose()
    {
        Server.Stop();
        Assert.True(_thread.Join(LineServer.PatienceMs));
        Server.Dispose();
        _log.Dispose();
    }
}
