using Bixbite.Structures.Sketches;

namespace Bixbite.Engine.Sampling;

/// <summary>
/// The keys to which most of something goes, of what was sampled within a window of time. It counts in units of a power of two, which grow
/// with what comes: so counting costs about the same however much comes, and is exact where little does.
/// <code>
///   a tick   at most 1024 units are counted; with the next one a unit is twice as large, and all counts are halved
///   a window ends: its keys are kept as they are, and units become smaller again if so few came that they may
/// </code>
/// </summary>
internal sealed class SampledKeys
{
    public const int TopCount = 128;
    public const int KeySizeMax = 128;
    private const int WidthBits = 12;
    /// <summary>A look takes up to a microsecond: 10,000 in a second are a hundredth of a core.</summary>
    private const int UnitsPerTickMax = 1024;

    /// <summary>Fewer in a second than this, and a unit need not be so large.</summary>
    private const int UnitsPerSecondMin = 2048;

    private readonly HeavyKeeper _keeper;
    private readonly Random _random;
    private long _unitsOfTick;

    public SampledKeys(ulong seed)
    {
        _keeper = new HeavyKeeper(WidthBits, TopCount, KeySizeMax, seed);
        _random = new Random((int)seed);
    }

    /// <summary>One count stands for so much.</summary>
    public long Unit { get; private set; } = 1;

    /// <summary>A unit becomes no larger.</summary>
    public long UnitMax { get; set; } = long.MaxValue / 4;

    /// <summary>The keys of the window under way, in units.</summary>
    public RankedKey[] Current => _keeper.Top;

    /// <summary>Units counted in the window under way.</summary>
    public long Units => _keeper.Total;

    public long MemoryBytes => _keeper.MemoryBytes;

    /// <summary>So much goes to a key.</summary>
    public void Add(ulong hash, int group, ReadOnlySpan<byte> key, long amount)
    {
        long units = amount / Unit;
        long rest = amount & (Unit - 1);
        if (rest > 0 && _random.NextInt64(Unit) < rest)
        {
            units++;
        }
        if (units == 0)
        {
            return;
        }
        _keeper.Add(hash, group, key, units);
        _unitsOfTick += units;
        while (_unitsOfTick > UnitsPerTickMax && Unit * 2 <= UnitMax)
        {
            Unit *= 2;
            _unitsOfTick /= 2;
            _keeper.Halve();
        }
    }

    /// <summary>A tenth of a second is over, or more.</summary>
    public void Tick() => _unitsOfTick = 0;

    /// <summary>Begins a window; returns the keys of the one before, with what went to them.</summary>
    public RankedKey[] Roll(long windowUs)
    {
        RankedKey[] keys = Amounts;
        double perSecond = windowUs <= 0 ? 0 : _keeper.Total * 1e6 / windowUs;
        for (; Unit > 1 && (perSecond < UnitsPerSecondMin || Unit > UnitMax); perSecond *= 2)
        {
            Unit /= 2;
        }
        _keeper.Clear();
        return keys;
    }

    /// <summary>The keys of the window under way, with what went to them.</summary>
    public RankedKey[] Amounts
    {
        get
        {
            RankedKey[] keys = _keeper.Top;
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = keys[i] with { Count = keys[i].Count * Unit };
            }
            return keys;
        }
    }

    public void Clear()
    {
        _keeper.Clear();
        _unitsOfTick = 0;
    }
}
