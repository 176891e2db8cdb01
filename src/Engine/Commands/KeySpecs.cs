namespace Bixbite.Engine.Commands;

/// <summary>All key specs of a command, and what follows from them: the old first, last and step, and the keys of a concrete request.</summary>
public sealed class KeySpecs
{
    private readonly KeyFlagsResolver? _resolver;

    public KeySpecs(IReadOnlyList<KeySpec> specs, KeyFlagsResolver? resolver)
    {
        Specs = specs;
        _resolver = resolver;
        FixedFirst = specs.Count > 0 && (specs[0].Flags & KeySpecFlags.NotKey) == 0 ? specs[0].FixedFirst : 0;
        if (specs.Count == 1 && specs[0].IsPlainRange)
        {
            (First, Last, Step) = (specs[0].Position, AbsoluteLast(specs[0]), specs[0].Step);
            IsMovable = IsIncomplete(specs[0]);
        }
        else if (specs.Count > 0)
        {
            Summarise();
        }
    }

    public IReadOnlyList<KeySpec> Specs { get; }

    /// <summary>The position of the first key as COMMAND INFO always told it; 0 where there is none.</summary>
    public int First { get; private set; }

    /// <summary>The position of the last key, from the end where negative.</summary>
    public int Last { get; private set; }

    public int Step { get; private set; }

    /// <summary>First, last and step do not tell all keys.</summary>
    public bool IsMovable { get; private set; }

    /// <summary>Where the first key stands in every request that has one; 0 where that differs.</summary>
    public int FixedFirst { get; }

    public bool HasKeys
    {
        get
        {
            foreach (KeySpec spec in Specs)
            {
                if ((spec.Flags & KeySpecFlags.NotKey) == 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Several specs as one range where they follow one another, as Redis sums them up for old clients.</summary>
    private void Summarise()
    {
        int first = int.MaxValue;
        int last = 0;
        foreach (KeySpec spec in Specs)
        {
            bool isFollowing = spec.Step == 1 && (last == 0 || last == spec.Position - 1);
            if (!spec.IsPlainRange || !isFollowing)
            {
                IsMovable = true;
                continue;
            }
            IsMovable |= IsIncomplete(spec);
            first = Math.Min(first, spec.Position);
            last = (int)Math.Max((uint)last, (uint)AbsoluteLast(spec));
        }
        if (first == int.MaxValue)
        {
            IsMovable = true;
            return;
        }
        (First, Last, Step) = (first, last, 1);
    }

    private static int AbsoluteLast(KeySpec spec) => spec.Last < 0 ? spec.Last : spec.Position + spec.Last;

    private static bool IsIncomplete(KeySpec spec) => (spec.Flags & KeySpecFlags.Incomplete) != 0;
}
