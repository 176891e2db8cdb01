namespace Bixbite.Engine.Commands;

/// <summary>How a command uses a key, and how far its spec can be trusted.</summary>
[Flags]
public enum KeySpecFlags
{
    None = 0,

    /// <summary>Reads the value without changing it.</summary>
    ReadOnly = 1,

    /// <summary>Changes the value, depending on what it was.</summary>
    ReadWrite = 1 << 1,

    /// <summary>Overwrites the value, whatever it was.</summary>
    Overwrite = 1 << 2,

    /// <summary>Deletes the key.</summary>
    Remove = 1 << 3,

    /// <summary>User data is returned, copied or compared.</summary>
    Access = 1 << 4,

    /// <summary>User data is changed.</summary>
    Update = 1 << 5,

    /// <summary>User data is added, and none changed or deleted.</summary>
    Insert = 1 << 6,

    /// <summary>User data is deleted.</summary>
    Delete = 1 << 7,

    /// <summary>Not a key, but routed like one.</summary>
    NotKey = 1 << 8,

    /// <summary>There may be keys that the spec does not find.</summary>
    Incomplete = 1 << 9,

    /// <summary>Some arguments change the flags.</summary>
    VariableFlags = 1 << 10,
}

/// <summary>Where the search for keys begins.</summary>
public enum KeyBegin
{
    Unknown,

    /// <summary>At a fixed position.</summary>
    Index,

    /// <summary>After a word.</summary>
    Keyword,
}

/// <summary>Which arguments are keys, once the beginning is known.</summary>
public enum KeyFind
{
    Unknown,

    /// <summary>All up to a last one, in steps.</summary>
    Range,

    /// <summary>As many as an argument says.</summary>
    Count,
}

/// <summary>
/// One rule that finds keys among a command's arguments, with the numbers that COMMAND INFO shows. Argument 0 is the command's name.
/// </summary>
public sealed class KeySpec(KeySpecFlags flags, KeyBegin begin, KeyFind find)
{
    public KeySpecFlags Flags { get; } = flags;

    /// <summary>A sentence for people, where flags or positions need one; empty otherwise.</summary>
    public string Notes { get; set; } = "";

    public KeyBegin Begin { get; } = begin;

    /// <summary>The position where the search begins, or where the search for the keyword starts; negative counts from the end.</summary>
    public int Position { get; set; }

    /// <summary>
    /// Upper case; null unless <see cref="Begin"/> is a keyword, or unknown to clients but not to us; empty for keys outside.
    /// </summary>
    public string? Keyword { get; set; }

    public KeyFind Find { get; } = find;

    /// <summary>The last key: counted from the first where not negative, from the end of the arguments otherwise.</summary>
    public int Last { get; set; }

    public int Step { get; set; } = 1;

    /// <summary>The keys are only the first 1/n of the arguments left; 0 and 1 mean no such limit.</summary>
    public int Limit { get; set; }

    /// <summary>Where the argument with the number of keys is, counted from the beginning.</summary>
    public int CountAt { get; set; }

    /// <summary>Where the first key is, counted from the beginning.</summary>
    public int FirstAt { get; set; }

    /// <summary>The position of the first key where every request has it at the same; 0 otherwise.</summary>
    public int FixedFirst => Begin != KeyBegin.Index ? 0 : Find switch
    {
        KeyFind.Range => Position,
        KeyFind.Count => Position + FirstAt,
        _ => 0,
    };

    /// <summary>A plain range from a fixed position, the only form that first, last and step can express.</summary>
    public bool IsPlainRange => Begin == KeyBegin.Index && Find == KeyFind.Range;
}
