using Bixbite.AccessControl.Files;
using Bixbite.AccessControl.Users;
using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Persistence;

namespace Bixbite.Hosting.Modules;

/// <summary>The operator's means while the server runs: CONFIG, SHUTDOWN, and the switches of DEBUG.</summary>
internal sealed class AdministrationModule : Module
{
    public override void AddSettings(Settings settings)
    {
        settings.Add(new MachineSettings(settings));
        settings.Add(new ServerSettings(settings));
    }

    public override void Add(ServerBuilder server)
    {
        ConfigRewrite rewrite = server.Add(new ConfigRewrite(server.Settings.Table, new DiskConfigStore()));
        UserTable users = server.Get<UserTable>();
        AclFile file = server.Get<AclFile>();
        rewrite.Add("user", () => file.IsUsed ? [] : users.All.Select(static user => ConfigWords.Join(user.Line)));
        server.Add(new SettingsEditor(server.Settings.Table, server.Get<ServerSettings>().EnableProtectedConfigs, server.Log));
        server.Add(new ShutdownSignal());
        server.Add(new CronSwitch());
        server.Add(new PayloadChecks());
        ServerFacts.AddTo(server);
    }
}
