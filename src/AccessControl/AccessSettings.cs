using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.AccessControl;

public sealed class AccessSettings
{
    private const string AllChannels = "allchannels";

    public readonly TextSetting AclFile;
    public readonly WordSetting PubSubDefault;
    public readonly LongSetting LogLengthMax;
    public readonly IntSetting AuthFailuresMax;
    public readonly ChoiceSetting<CertificateName> CertificateUser;

    public AccessSettings(Settings settings)
    {
        SettingsSection section = settings["Access control and scripts"];
        AclFile = section.Add(new TextSetting("aclfile", "")
        {
            Description = "The file of users and their rights; there may be no 'user' lines beside it.", Flags = SettingFlags.Immutable,
        });
        PubSubDefault = section.Add(new WordSetting("acl-pubsub-default", "resetchannels", AllChannels, "resetchannels")
        {
            Description = "Which channels a new user may use.",
        });
        LogLengthMax = section.Add(new LongSetting("acllog-max-len", 128) { Description = "How many refusals ACL LOG keeps." });
        AuthFailuresMax = section.Add(new IntSetting("auth-failures-max", 100, 0, int.MaxValue)
        {
            Description = "How many failed attempts to log in from one address, or a tenth of it from one connection, are answered at "
                + "once; further ones wait for their turn, ten a second. 0 is any number.",
        });
        CertificateUser = settings["TLS"].Add(new ChoiceSetting<CertificateName>(
            "tls-auth-clients-user",
            CertificateName.None,
            ("off", CertificateName.None),
            ("CN", CertificateName.CommonName),
            ("URI", CertificateName.Uri))
        {
            Description = "Which name in a client's certificate is its user, if there is one of that name.",
        });
    }

    /// <summary>A new user may use all channels.</summary>
    public bool IsAllChannelsUsual => PubSubDefault.Value == AllChannels;
}

/// <summary>A kind of names in a certificate.</summary>
public enum CertificateName
{
    None,
    CommonName,
    Uri,
}
