using System.Text;
using Bixbite.Engine.Facts;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>MEMORY DOCTOR: what is wrong with memory, if anything is, in sentences.</summary>
internal static class MemoryDoctor
{
    private const long ExaminedSizeMin = 5 * 1024 * 1024;
    private const long FragmentationBytesMin = 10 * 1024 * 1024;
    private const double PeakRatioMax = 1.5;
    private const double FragmentationMax = 1.4;
    private const long ClientSizeMax = 200 * 1024;
    private const double LimitShareMax = 0.95;

    public static string Report(MemoryOverview memory, long limitBytes, int clientCount)
    {
        if (memory.Used < ExaminedSizeMin)
        {
            return "The server is almost empty: there is not enough memory in use to say anything about it.\n";
        }
        var findings = Examine(memory, limitBytes, clientCount).ToList();
        if (findings.Count == 0)
        {
            return "No problem with memory was found.\n";
        }
        var text = new StringBuilder("These problems with memory were found:\n\n");
        foreach (string finding in findings)
        {
            text.Append("* ").Append(finding).Append("\n\n");
        }
        return text.ToString();
    }

    private static IEnumerable<string> Examine(MemoryOverview memory, long limitBytes, int clientCount)
    {
        if (memory.Peak > memory.Used * PeakRatioMax)
        {
            yield return $"Peak: at its peak the server used {HumanSize.Of(memory.Peak)}, now it uses {HumanSize.Of(memory.Used)}. "
                + "Pages that became empty were given back; if the resident size is still high, MEMORY PURGE gives back the rest.";
        }
        if (memory.Mapped > memory.Data * FragmentationMax && memory.Mapped - memory.Data > FragmentationBytesMin)
        {
            yield return $"Fragmentation: the data heap holds {HumanSize.Of(memory.Mapped)} of pages "
                + $"for {HumanSize.Of(memory.Data)} of data. "
                + "Many keys were removed or changed their size; the free room will be used before new pages are taken.";
        }
        if (memory.ProcessOverhead > FragmentationMax && memory.Resident - memory.Active > FragmentationBytesMin)
        {
            yield return $"Process: {HumanSize.Of(memory.Resident)} are resident, "
                + $"but only {HumanSize.Of(memory.Active)} are accounted for.";
        }
        if (memory.Clients > clientCount * ClientSizeMax)
        {
            yield return $"Clients: {clientCount} hold {HumanSize.Of(memory.Clients)}, much for so few. "
                + "Look in CLIENT LIST for a high tot-mem, and see maxmemory-clients and client-output-buffer-limit.";
        }
        if (limitBytes > 0 && memory.Used > limitBytes * LimitShareMax)
        {
            yield return $"Limit: {HumanSize.Of(memory.Used)} of maxmemory {HumanSize.Of(limitBytes)} are in use. "
                + "Keys will be evicted or writes refused.";
        }
    }
}
