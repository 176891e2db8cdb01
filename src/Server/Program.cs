using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Server;
using Bixbite.Server.Checking;

StartOptions options = StartOptions.Parse(args);
switch (options.Action)
{
    case StartAction.ShowVersion:
        Console.WriteLine($"Bixbite server v={ServerIdentity.Version} (as Redis {ServerIdentity.RedisVersion}) bits=64");
        return 0;
    case StartAction.ShowHelp:
        Console.Write(StartOptions.Help);
        return 0;
    case StartAction.CheckRdb:
        return new CheckRdb(SystemDisk.Instance, ValueCodecs.BuiltIn, Console.Out, new CheckProgress(Console.Error))
            .Run(options.CheckArguments);
    case StartAction.CheckAof:
        return new CheckAof(SystemDisk.Instance, ValueCodecs.BuiltIn, Console.Out, Console.In, Console.Error)
            .Run(options.CheckArguments);
    case StartAction.CheckConfig:
        return new Startup(options).Check();
    default:
        return new Startup(options).Run();
}
