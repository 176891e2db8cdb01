namespace Bixbite.Configuration;

public enum SettingsRefusalKind
{
    /// <summary>There is no such setting.</summary>
    Unknown,

    /// <summary>It cannot have this value, or not be changed at all.</summary>
    Failed,

    /// <summary>It must not change while the data set is being loaded.</summary>
    Loading,
}

/// <summary>Why CONFIG SET changed nothing.</summary>
/// <param name="Kind">Which error it is.</param>
/// <param name="Name">The setting as the client wrote it.</param>
/// <param name="Reason">What is wrong with its value; empty if the kind says it all.</param>
public sealed record SettingsRefusal(SettingsRefusalKind Kind, string Name, string Reason);
