namespace Bixbite.Commands.Info.Sections;

/// <summary>INFO's section of loaded modules: always empty, but tools look for the heading.</summary>
public sealed class ModulesSection : IInfoSection
{
    public string Heading => "Modules";

    public void Append(InfoText text)
    {
    }
}
