using System.Text;
using Bixbite.Engine.Modules;
using Bixbite.Hosting;
using Bixbite.Net.Channels;
using Bixbite.Unit.Net;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Hosting;

/// <summary>A server, without sockets unless told, started; disposing stops it.</summary>
internal sealed class InProcessServer : IDisposable
{
    internal InProcessServer(Action<ServerOptions>? change = null, params Module[] modules)
    {
        ServerOptions options = new(modules);
        change?.Invoke(options);
        Server = ServerInstance.Create(options);
        Server.Start();
    }

    internal ServerInstance Server { get; }

    internal InProcessStream Connect() => Connect(Server);

    internal static InProcessStream Connect(ServerInstance server)
    {
        InProcessStream client = server.Connect();
        client.ReadTimeout = client.WriteTimeout = Patience.LimitMs;
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
        Assert.True(((IAsyncResult)Server.Completion).AsyncWaitHandle.WaitOne(Patience.LimitMs));
        Assert.True(Server.Completion.IsCompletedSuccessfully);
        Server.Dispose();
    }
}
