using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Settings;
using Bixbite.Engine.Settings.ConfigFiles;
using Bixbite.Server;

StartOptions options = StartOptions.Parse(args);
switch (options.Action)
{
    case StartAction.ShowVersion:
        Console.WriteLine($"Bixbite server v={ServerIdentity.Version} (as Redis {ServerIdentity.RedisVersion}) bits=64");
        return 0;
    case StartAction.ShowHelp:
        Console.Write(StartOptions.Help);
        return 0;
    default:
        return new Startup(new Settings(), options).Run();
}
