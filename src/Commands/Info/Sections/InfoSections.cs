using System.Diagnostics;

namespace Bixbite.Commands.Info.Sections;

/// <summary>All sections of INFO in the order in which they are answered, and the words that choose among them.</summary>
public sealed class InfoSections(params IReadOnlyList<IInfoSection> sections)
{
    /// <summary>The word for the sections that are answered when none is named.</summary>
    public const string Default = "default";

    private const string All = "all";
    private const string Everything = "everything";

    /// <summary>Sections that grow with the commands used, so they are answered only when asked for.</summary>
    private static readonly string[] s_onlyOnRequest = ["Commandstats", "Latencystats"];

    /// <summary>The section for developers, which not even "everything" contains.</summary>
    private const string OnlyByName = "Debug";

    /// <summary>The sections chosen by these names, each once. What no section is called chooses nothing.</summary>
    public IEnumerable<IInfoSection> Select(IReadOnlySet<string> names)
    {
        bool isAll = names.Contains(All) || names.Contains(Everything);
        bool isDefault = names.Contains(Default);
        return sections.Where(section =>
            names.Contains(section.Heading)
            || (section.Heading != OnlyByName && (isAll || (isDefault && !s_onlyOnRequest.Contains(section.Heading)))));
    }

    /// <summary>The same sections with one more, after the one with this heading.</summary>
    public InfoSections With(IInfoSection section, string after)
    {
        var all = sections.ToList();
        int index = all.FindIndex(other => other.Heading == after);
        Debug.Assert(index >= 0, "The section to follow is there.");
        all.Insert(index + 1, section);
        return new InfoSections(all);
    }
}
