using Bixbite.Structures.Text;

namespace Bixbite.Engine.ClientTracking;

/// <summary>How tracking is set up for a session that has it on. Changed by <see cref="KeyTracking"/> and the CLIENT commands.</summary>
public sealed class SessionTracking
{
    public TrackingModes Modes { get; internal set; }

    /// <summary>The client that gets the messages in this one's place; 0 for none.</summary>
    public long RedirectId { get; internal set; }

    /// <summary>A message could not be delivered since the client to which it was redirected is gone.</summary>
    public bool IsRedirectBroken { get; internal set; }

    /// <summary>CLIENT CACHING was given for the next command: YES with OPTIN, NO with OPTOUT.</summary>
    public bool IsCachingGiven { get; set; }

    /// <summary>With BCAST: what the keys of interest begin with, in ascending order.</summary>
    public SortedSet<byte[]> Prefixes { get; } = new(BytesOrder.Instance);

    public bool Has(TrackingModes mode) => (Modes & mode) != 0;

    /// <summary>Whether the keys that a command has read are to be remembered.</summary>
    internal bool WantsReads =>
        !Has(TrackingModes.Broadcast)
        && (!Has(TrackingModes.OptIn) || IsCachingGiven)
        && !(Has(TrackingModes.OptOut) && IsCachingGiven);
}

/// <summary>The options of CLIENT TRACKING that stay.</summary>
[Flags]
public enum TrackingModes
{
    None = 0,

    /// <summary>All changes of keys with certain prefixes are told, whoever has read them (BCAST).</summary>
    Broadcast = 1,

    /// <summary>Only what follows CLIENT CACHING YES is tracked.</summary>
    OptIn = 2,

    /// <summary>All is tracked but what follows CLIENT CACHING NO.</summary>
    OptOut = 4,

    /// <summary>The client is not told of its own changes.</summary>
    NoLoop = 8,
}
