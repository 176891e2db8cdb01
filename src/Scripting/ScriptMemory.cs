using Bixbite.Engine.Facts;

namespace Bixbite.Scripting;

/// <summary>The memory of scripts and of functions, as INFO and MEMORY STATS tell it. Who holds it says so.</summary>
public sealed class ScriptMemory
{
    private static readonly Func<long> s_none = static () => 0;

    /// <summary>Bytes that the scripts of EVAL hold in their machine.</summary>
    public Func<long> EvalMachineBytes { get; internal set; } = s_none;

    /// <summary>Bytes of the sources of EVAL's scripts, and of what is kept with them.</summary>
    public Func<long> EvalBytes { get; internal set; } = s_none;

    public Func<long> EvalCount { get; internal set; } = s_none;

    /// <summary>Bytes that functions hold in their machine.</summary>
    public Func<long> FunctionMachineBytes { get; internal set; } = s_none;

    /// <summary>Bytes of the sources of libraries, and of what is kept with them.</summary>
    public Func<long> FunctionBytes { get; internal set; } = s_none;

    public Func<long> FunctionCount { get; internal set; } = s_none;

    public Func<long> LibraryCount { get; internal set; } = s_none;

    /// <summary>All bytes.</summary>
    public long Bytes => MachineBytes + CacheBytes;

    private long MachineBytes => EvalMachineBytes() + FunctionMachineBytes();

    private long CacheBytes => EvalBytes() + FunctionBytes();

    internal void AddTo(InfoSection section)
    {
        section.Gauge("used_memory_lua", () => EvalMachineBytes(), FactUnit.Bytes);
        section.Gauge("used_memory_vm_eval", () => EvalMachineBytes(), FactUnit.Bytes);
        section.Text("used_memory_lua_human", () => HumanSize.Of(EvalMachineBytes()));
        section.Gauge("used_memory_scripts_eval", () => EvalBytes(), FactUnit.Bytes);
        section.Gauge("number_of_cached_scripts", () => EvalCount());
        section.Gauge("number_of_functions", () => FunctionCount());
        section.Gauge("number_of_libraries", () => LibraryCount());
        section.Gauge("used_memory_vm_functions", () => FunctionMachineBytes(), FactUnit.Bytes);
        section.Gauge("used_memory_vm_total", () => MachineBytes, FactUnit.Bytes);
        section.Text("used_memory_vm_total_human", () => HumanSize.Of(MachineBytes));
        section.Gauge("used_memory_functions", () => FunctionBytes(), FactUnit.Bytes);
        section.Gauge("used_memory_scripts", () => CacheBytes, FactUnit.Bytes);
        section.Text("used_memory_scripts_human", () => HumanSize.Of(CacheBytes));
    }
}
