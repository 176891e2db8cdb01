using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.Sessions;

public sealed class ClientSettings
{
    private const long Mib = 1 << 20;

    public readonly LongSetting MaxClients;
    public readonly TextSetting RequirePass;
    public readonly IntSetting Timeout;
    public readonly OutputLimitsSetting OutputBufferLimits;
    public readonly BytesSetting QueryBufferLimit;
    public readonly BytesSetting MaxMemoryClients;

    public ClientSettings(Settings settings)
    {
        SettingsSection section = settings["Clients"];
        MaxClients = section.Add(new LongSetting("maxclients", 10000, 1, uint.MaxValue)
        {
            Description = "How many clients may be connected at once.",
        });
        RequirePass = section.Add(new TextSetting("requirepass")
        {
            Description = "The password that clients have to give before anything else.", Flags = SettingFlags.Sensitive,
        });
        Timeout = section.Add(new IntSetting("timeout", 0, 0, int.MaxValue)
        {
            Description = "Seconds after which an idle client is dropped; 0 is never.",
        });
        OutputBufferLimits = section.Add(new OutputLimitsSetting("client-output-buffer-limit", new OutputLimitClasses(
            default, new OutputLimits(256 * Mib, 64 * Mib, 60), new OutputLimits(32 * Mib, 8 * Mib, 60)))
        {
            Description = "How much unread output drops a client: at once, or when it stays that much for some seconds.",
            Flags = SettingFlags.MultiArgument,
        });
        QueryBufferLimit = section.Add(new BytesSetting("client-query-buffer-limit", 1024 * Mib, Mib)
        {
            Description = "How many bytes of one unfinished request drop a client.",
        });
        MaxMemoryClients = section.Add(new BytesSetting("maxmemory-clients", 0)
        {
            AllowsPercent = true,
            Description = "How much all clients may hold together before the largest are dropped, 128 KiB or more; 0 is any amount.",
        });
    }
}
