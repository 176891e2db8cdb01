using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Sandbox;

/// <summary>
/// <c>math.random</c> of scripts: the sequence of C's <c>lrand48</c>, which begins anew with every script, so that its numbers depend on
/// nothing but the script.
/// </summary>
internal sealed class ScriptRandom
{
    private const ulong Multiplier = 0x5_DEEC_E66D;
    private const ulong Increment = 0xB;
    private const ulong Mask = (1UL << 48) - 1;
    private const ulong LowBits = 0x330E;

    private ulong _state;

    public void Open(LuaMachine machine)
    {
        if (machine.Globals.Get(machine.Strings.Get("math")).Object is LuaTable math)
        {
            machine.Register(math, "random", Next);
            machine.Register(math, "randomseed", Seed);
        }
    }

    /// <summary>A script begins.</summary>
    public void Reset() => _state = LowBits;

    private HostStep Seed(in HostCall call)
    {
        _state = ((ulong)(uint)call.CheckInt(0) << 16) | LowBits;
        return call.Return();
    }

    private HostStep Next(in HostCall call)
    {
        _state = ((_state * Multiplier) + Increment) & Mask;
        double part = (double)((long)(_state >> 17) % int.MaxValue) / int.MaxValue;
        switch (call.Count)
        {
            case 0:
                return call.Return(part);
            case 1:
                int most = call.CheckInt(0);
                return most >= 1 ? call.Return(Math.Floor(part * most) + 1) : throw call.ArgumentError(0, "interval is empty");
            case 2:
                int from = call.CheckInt(0);
                int to = call.CheckInt(1);
                return from <= to
                    ? call.Return(Math.Floor(part * unchecked(to - from + 1)) + from)
                    : throw call.ArgumentError(1, "interval is empty");
            default:
                return call.Fail("wrong number of arguments");
        }
    }
}
