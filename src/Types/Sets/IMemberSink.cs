namespace Bixbite.Types.Sets;

/// <summary>Receives members one after the other. The sets they come from must not change meanwhile.</summary>
public interface IMemberSink
{
    /// <summary>False if no more members are wanted.</summary>
    bool Add(in StoredText member);
}
