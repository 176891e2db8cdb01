using Bixbite.Commands.Debugging;
using Bixbite.Commands.Info.Sections;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Values;
using Bixbite.Types;

namespace Bixbite.Hosting.Modules;

/// <summary>The operator's tools while the server runs: CONFIG, DEBUG, SHUTDOWN.</summary>
internal sealed class AdministrationModule : Module
{
    public override void AddSettings(Settings settings)
    {
        settings.Add(new MachineSettings(settings));
        settings.Add(new ServerSettings(settings));
    }

    public override void Add(ServerBuilder server)
    {
        server.Add(new ConfigRewrite(server.Settings.Table, new DiskConfigStore()));
        server.Add(new SettingsEditor(server.Settings.Table, server.Get<ServerSettings>().EnableProtectedConfigs, server.Log));
        server.Add(new ShutdownSignal());
        CronSwitch cron = server.Add(new CronSwitch());
        PayloadChecks checks = server.Add(new PayloadChecks());
        server.Add(new DebugSubjects(
            server.Get<Databases>(), server.Get<AccessClock>(), server.Get<ValueContext>(), server.Get<ValueCodecs>(), checks, cron));
        ServerFacts.AddTo(server);
    }
}
