namespace Bixbite.Configuration.ConfigFiles;

/// <summary>Where something was said: the file (or another source), the line counted from 1, and the line itself.</summary>
public readonly record struct ConfigPlace(string Source, int Line, string Text);

/// <summary>Why the server cannot start with what it was told.</summary>
public sealed record ConfigError(ConfigPlace Place, string Reason)
{
    /// <summary>The message for people, over several lines; the line is left out when the error is about none.</summary>
    public string Report(string version)
    {
        string place = Place.Line == 0
            ? ""
            : $"Reading the configuration file, at line {Place.Line} of {Place.Source}\n>>> '{Place.Text}'\n";
        return $"\n*** FATAL CONFIG FILE ERROR (Bixbite {version}) ***\n{place}{Reason}\n";
    }
}
