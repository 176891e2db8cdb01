using System.Globalization;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>Processor time, in seconds. The main thread is the loop that answers.</summary>
public static class CpuFacts
{
    public static void AddTo(ServerBuilder server)
    {
        InfoSection section = server.Info["CPU"];
        Add(section, "used_cpu_sys", static () => ProcessFacts.ProcessCpu().SystemUs);
        Add(section, "used_cpu_user", static () => ProcessFacts.ProcessCpu().UserUs);
        Add(section, "used_cpu_sys_children", static () => ProcessFacts.ChildrenCpu().SystemUs);
        Add(section, "used_cpu_user_children", static () => ProcessFacts.ChildrenCpu().UserUs);
        Add(section, "used_cpu_sys_main_thread", static () => ProcessFacts.ThreadCpu().SystemUs);
        Add(section, "used_cpu_user_main_thread", static () => ProcessFacts.ThreadCpu().UserUs);
    }

    private static void Add(InfoSection section, string name, Func<long> readUs) =>
        section.Add(new Fact(name, FactKind.Counter, FactUnit.Seconds, () => new FactValue(readUs() / 1e6))
        {
            Format = static seconds => seconds.ToString("F6", CultureInfo.InvariantCulture),
        });
}
