using Bixbite.Lua.Running;

namespace Bixbite.Lua.Libraries;

/// <summary>How much a host function may do before it must pause.</summary>
internal static class WorkBudget
{
    private const int StepsMin = 256;
    private const int StepsMax = 1 << 20;

    /// <summary>The steps that the machine's budget leaves; never so few that nothing gets done.</summary>
    public static int StepsFor(in HostCall call) => (int)Math.Clamp(call.Machine.Fuel, StepsMin, StepsMax);
}
