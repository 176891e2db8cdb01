using Bixbite.AccessControl.Authenticating;
using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Files;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sampling;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;

namespace Bixbite.AccessControl;

/// <summary>Users, what each may do, and how clients log in.</summary>
public sealed class AccessControlModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new AccessSettings(settings));

    public override void Add(ServerBuilder server)
    {
        AccessSettings settings = server.Get<AccessSettings>();
        CommandNames names = server.Add(new CommandNames(server.Get<CommandTable>()));
        UserTable users = server.Add(new UserTable(names, () => settings.IsAllChannelsUsual));
        SessionUsers sessions = server.AddPart(
            new SessionUsers(users, server.Get<SessionTable>(), server.Get<PubSubBroker>(), server.Sessions));
        server.Get<ClientStatistics>().UserOf = session => sessions.Of(session).Name;
        AccessLog log = server.Add(new AccessLog(server.Sessions.Text, server.Clock));
        ServerBuilder.Follow(settings.LogLengthMax, () => log.Capacity = settings.LogLengthMax.Value);
        AttemptLimiter limiter = server.AddPart(new AttemptLimiter(server.Sessions, server.Clock));
        ServerBuilder.Follow(settings.AuthFailuresMax, () => limiter.FailuresMax = settings.AuthFailuresMax.Value);
        Authentication authentication = server.Add(new Authentication(users, sessions, limiter, log, server.Clock));
        CertificateLogin certificates = server.Add(new CertificateLogin(settings, users, sessions, log, server.Log));
        AccessChecker checker = server.Add(new AccessChecker(sessions, names));
        server.Add(new RequestLogin(users, authentication, certificates, limiter, checker, log));
        var gate = new AccessGate(checker, sessions, log);
        server.AddGate(gate);
        server.Add<IAccessRules>(gate);
        server.AddGate(new UnauthenticatedGate(authentication));
        server.Get<CommandRunner>().Access = gate;
        server.Add(new AclFile(settings, users, server.Get<IDisk>(), server.Log));
        AddFacts(server.Info["Stats"], log, limiter);
    }

    /// <summary>
    /// The users that the configuration names, or a file, once all commands are there; null, or what is wrong. The password of
    /// requirepass is the default user's, unless a line about that user says otherwise.
    /// </summary>
    public static ConfigError? Load(ServerBuilder server, IReadOnlyList<DirectiveLine> lines)
    {
        UserTable users = server.Get<UserTable>();
        TextSetting password = server.Get<ClientSettings>().RequirePass;
        password.Changed += () => SetPassword(users, password);
        if (password.IsSet)
        {
            SetPassword(users, password);
        }
        AclFile file = server.Get<AclFile>();
        if (file.IsUsed && lines.Count > 0)
        {
            return new ConfigError(
                lines[0].Place,
                "There are users in the configuration and an ACL file: which of them holds would be guesswork. "
                    + "Declare all users in the one or in the other.");
        }
        if (ConfiguredUsers.Load(users, lines, server.Log) is { } error)
        {
            return error;
        }
        return file.IsUsed && file.Load(caller: null) is { } problem
            ? new ConfigError(default, $"Aborting Redis startup because of ACL errors: {problem}")
            : null;
    }

    private static void SetPassword(UserTable users, TextSetting password) => users.Set(
        UserNames.Default,
        password.IsSet ? ["resetpass"u8.ToArray(), [(byte)'>', .. password.Bytes]] : ["nopass"u8.ToArray()]);

    private static void AddFacts(InfoSection section, AccessLog log, AttemptLimiter limiter)
    {
        section.Counter("acl_access_denied_auth", () => log.CountOf(DenialReason.Authentication));
        section.Counter("acl_access_denied_cmd", () => log.CountOf(DenialReason.Command));
        section.Counter("acl_access_denied_key", () => log.CountOf(DenialReason.Key));
        section.Counter("acl_access_denied_channel", () => log.CountOf(DenialReason.Channel));
        section.Counter("acl_access_denied_db", () => log.CountOf(DenialReason.Database));
        section.Counter("acl_access_denied_tls_cert", () => log.CountOf(DenialReason.Certificate));
        section.Counter("auth_attempts_delayed", () => limiter.DelayedCount);
    }
}
