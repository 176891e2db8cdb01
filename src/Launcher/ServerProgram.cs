using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Launcher.Checking;
using Bixbite.Launcher.Health;
using Bixbite.Persistence.Values;
using Bixbite.Platform;

namespace Bixbite.Launcher;

/// <summary>The server as a program: does what a command line asks for, for every executable that offers it.</summary>
public static class ServerProgram
{
    /// <summary>The name of the program by itself, as its help has it.</summary>
    private const string OwnName = "bixbite-server";

    /// <summary>Returns the process' exit code when the server has ended, or what was asked for is done.</summary>
    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="name">How this program is called, for its help.</param>
    /// <param name="startExport">Sends metrics and traces of the server elsewhere; null where this program cannot.</param>
    public static int Run(IReadOnlyList<string> arguments, string name = OwnName, StartExport? startExport = null)
    {
        StartOptions options = StartOptions.Parse(arguments);
        switch (options.Action)
        {
            case StartAction.ShowVersion:
                Console.WriteLine($"Bixbite server v={ServerIdentity.Version} (as Redis {ServerIdentity.RedisVersion}) bits=64");
                return 0;
            case StartAction.ShowHelp:
                Console.Write(StartOptions.Help.Replace(OwnName, name, StringComparison.Ordinal));
                return 0;
            case StartAction.CheckRdb:
                return new CheckRdb(SystemDisk.Instance, ValueCodecs.BuiltIn, Console.Out, new CheckProgress(Console.Error))
                    .Run(options.CheckArguments);
            case StartAction.CheckAof:
                return new CheckAof(SystemDisk.Instance, ValueCodecs.BuiltIn, Console.Out, Console.In, Console.Error)
                    .Run(options.CheckArguments);
            case StartAction.CheckConfig:
                return new Startup(options, startExport).Check();
            case StartAction.CheckAlive or StartAction.CheckReady:
                return HealthCheck.Run(options);
            default:
                return new Startup(options, startExport).Run();
        }
    }
}
