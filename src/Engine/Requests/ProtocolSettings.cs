using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Engine.Requests;

public sealed class ProtocolSettings
{
    private const long Mib = 1 << 20;

    public readonly BytesSetting ProtoMaxBulkLength;

    public ProtocolSettings(Settings settings)
    {
        SettingsSection section = settings["Protocol"];
        ProtoMaxBulkLength = section.Add(new BytesSetting("proto-max-bulk-len", 512 * Mib, Mib)
        {
            Description = "The largest single argument of a request, and the largest string value.",
        });
        section.AddAll(new IntSetting("client-default-resp", 2, 2, 3)
        {
            Description = "The protocol version that new connections start with.",
            Flags = SettingFlags.Immutable | SettingFlags.Hidden,
            Effect = SettingEffect.SwitchArrivesLater,
        });
    }
}
