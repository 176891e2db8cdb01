using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Hosting;

namespace Bixbite.Launcher.Health;

/// <summary>
/// Asks the server that runs with a configuration how it is, for whoever watches over its process: an orchestrator of containers, a script.
/// One that loads its data, waits for its primary or runs a script for long is alive, and not ready. It needs no password: a server that
/// asks for one serves.
/// </summary>
internal static class HealthCheck
{
    private static readonly string[] s_notReady = ["-LOADING", "-MASTERDOWN", "-BUSY"];

    /// <summary>Returns the process' exit code: 0 if all is well.</summary>
    public static int Run(StartOptions commandLine)
    {
        ServerOptions options = new();
        if (options.Load(commandLine, Console.OpenStandardInput()) is { } error)
        {
            Console.Error.Write(error.Report(ServerIdentity.Version));
            return 1;
        }
        if (HealthAddress.Of(options.Settings) is not { } address)
        {
            Console.Error.WriteLine("The server has no address by which it could be asked: set 'unixsocket'.");
            return 1;
        }
        HealthAnswer answer = HealthQuestion.Ask(address);
        bool isReady = !s_notReady.Any(start => answer.Text.StartsWith(start, StringComparison.Ordinal));
        bool isWell = answer.IsAlive && (isReady || commandLine.Action == StartAction.CheckAlive);
        (isWell ? Console.Out : Console.Error).WriteLine($"{address}: {answer.Text}");
        return isWell ? 0 : 1;
    }
}
