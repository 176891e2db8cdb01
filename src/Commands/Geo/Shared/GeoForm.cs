namespace Bixbite.Commands.Geo.Shared;

/// <summary>How the arguments of a search are laid out.</summary>
internal enum GeoForm : byte
{
    /// <summary>Position and circle, then options.</summary>
    Radius,

    /// <summary>Member and circle, then options.</summary>
    RadiusByMember,

    /// <summary>Origin, shape and options in any order.</summary>
    Search,
}

/// <summary>Whether a search stores what it finds.</summary>
internal enum GeoStoring : byte
{
    Never,

    /// <summary>If there is a STORE or STOREDIST with a key.</summary>
    OnRequest,

    /// <summary>At the first argument; STOREDIST only says which scores.</summary>
    Always,
}

/// <summary>In which order members are answered.</summary>
internal enum GeoOrder : byte
{
    /// <summary>As they were found.</summary>
    None,

    NearestFirst,

    FarthestFirst,
}

/// <summary>The details of each member in the reply, besides its name.</summary>
[Flags]
internal enum GeoDetails : byte
{
    None = 0,
    Distance = 1,
    Geohash = 2,
    Position = 4,
}
