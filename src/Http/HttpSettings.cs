using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Http;

/// <summary>Where HTTP is served, and how much of it. Whether it is encrypted is <c>tls-http</c>.</summary>
public sealed class HttpSettings
{
    public readonly IntSetting Port;
    public readonly BindSetting Bind;
    public readonly TextSetting Hosts;
    public readonly IntSetting TimeoutSeconds;
    public readonly IntSetting ConnectionsMax;
    public readonly IntSetting HeadSizeMax;

    public HttpSettings(Settings settings)
    {
        SettingsSection section = settings["HTTP"];
        Port = section.Add(new IntSetting("http-port", 0, 0, 65535)
        {
            Description = "The port for HTTP: metrics, health and the console; 0 is none.",
        });
        Bind = section.Add(new BindSetting("http-bind", "127.0.0.1", "-::1")
        {
            Description = "The addresses to serve HTTP on; a leading minus means that it is no error if one does not exist.",
            Flags = SettingFlags.MultiArgument,
        });
        Hosts = section.Add(new TextSetting("http-hosts")
        {
            Description = "Names by which HTTP may be reached where no password is needed, besides addresses, localhost and the machine's.",
        });
        TimeoutSeconds = section.Add(new IntSetting("http-timeout", 30, 1, 3600)
        {
            Description = "Seconds in which a request must come whole and its reply be taken; a connection that is silent for longer ends.",
        });
        ConnectionsMax = section.Add(new IntSetting("http-maxconnections", 256, 1, 100_000)
        {
            Description = "How many connections HTTP may have; a further one takes the place of the one that has waited longest.",
        });
        HeadSizeMax = section.Add(new IntSetting("http-max-header-bytes", 16 * 1024, 1024, 1024 * 1024)
        {
            Description = "How long the head of a request may be.",
        });
    }
}
