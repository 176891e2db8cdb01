namespace Bixbite.Configuration;

/// <summary>The effect of setting a value in this version. To deliver a feature is to take the marker off its settings.</summary>
public enum SettingEffect
{
    Works,

    /// <summary>Accepted and shown, so that existing files load, but this server has nothing it would change.</summary>
    NoMeaning,

    /// <summary>Tunes a feature that arrives later: accepted and stored.</summary>
    ArrivesLater,

    /// <summary>
    /// Switches a feature on that arrives later: any value but the default is refused, since it would be a broken promise.
    /// </summary>
    SwitchArrivesLater,
}
