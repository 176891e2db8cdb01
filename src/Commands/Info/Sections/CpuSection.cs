using System.Globalization;
using Bixbite.Platform;

namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section about processor time, in seconds. The main thread is the loop that answers.</summary>
public sealed class CpuSection : IInfoSection
{
    private static readonly InfoField<CpuSection>[] s_fields =
    [
        new("used_cpu_sys", _ => Seconds(ProcessFacts.ProcessCpu().SystemUs)),
        new("used_cpu_user", _ => Seconds(ProcessFacts.ProcessCpu().UserUs)),
        new("used_cpu_sys_children", _ => Seconds(ProcessFacts.ChildrenCpu().SystemUs)),
        new("used_cpu_user_children", _ => Seconds(ProcessFacts.ChildrenCpu().UserUs)),
        new("used_cpu_sys_main_thread", _ => Seconds(ProcessFacts.ThreadCpu().SystemUs)),
        new("used_cpu_user_main_thread", _ => Seconds(ProcessFacts.ThreadCpu().UserUs)),
    ];

    public string Heading => "CPU";

    public void Append(InfoText text) => text.Lines(s_fields, this);

    private static string Seconds(long us) => string.Create(CultureInfo.InvariantCulture, $"{us / 1_000_000}.{us % 1_000_000:D6}");
}
