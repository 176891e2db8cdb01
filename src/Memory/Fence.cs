namespace Bixbite.Memory;

/// <summary>
/// Whether the heap guards every block with an unmapped page and unmaps it when freed, so that a stray access stops the process
/// at once; not where the system's pages are larger than those counted here. On with the AppContext switch <c>Bixbite.Fence</c> (the unit
/// tests) or <c>BIXBITE_FENCE=1</c> in the environment.
/// </summary>
public static class Fence
{
    public static readonly bool IsOn = Environment.SystemPageSize == Pages.Size
        && ((AppContext.TryGetSwitch("Bixbite.Fence", out bool isSwitchedOn) && isSwitchedOn)
            || Environment.GetEnvironmentVariable("BIXBITE_FENCE") == "1");
}
