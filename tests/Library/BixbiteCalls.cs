using Bixbite.Wire.Harness;

namespace Bixbite.Library;

/// <summary>Asks a server until it answers as it must, on however slow a machine.</summary>
internal static class BixbiteCalls
{
    internal static Task UntilAsync(BixbiteServer server, string reply, string command, params BixbiteArgument[] arguments) =>
        UntilAsync(async () => await AnswerAsync(server, command, arguments) == reply, $"{command} does not answer {reply}");

    internal static Task UntilBlockedAsync(BixbiteServer server, int count) =>
        UntilInfoAsync(server, "clients", $"blocked_clients:{count}");

    internal static Task UntilInfoAsync(BixbiteServer server, string section, string line) => UntilAsync(
        async () => (await AnswerAsync(server, "INFO", section)).Contains($"\r\n{line}\r\n", StringComparison.Ordinal),
        $"INFO {section} does not tell {line}");

    private static async Task UntilAsync(Func<Task<bool>> isSo, string complaint)
    {
        long startedMs = Environment.TickCount64;
        while (!await isSo())
        {
            Assert.False(Patience.IsOver(startedMs), complaint);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> AnswerAsync(BixbiteServer server, string command, params BixbiteArgument[] arguments)
    {
        try
        {
            return (await server.ExecuteAsync(command, arguments)).AsString() ?? "";
        }
        catch (BixbiteException failure)
        {
            return failure.Message;
        }
    }
}
