namespace Bixbite.Commands.Info.Sections;

/// <summary>One section of INFO.</summary>
public interface IInfoSection
{
    /// <summary>As it stands in the heading; clients ask for it in any letter case.</summary>
    public string Heading { get; }

    /// <summary>Appends the lines below the heading.</summary>
    public void Append(InfoText text);
}
