namespace Bixbite.Engine.Facts;

/// <summary>All that the server tells of itself, by the headings of INFO, in the order in which they are answered.</summary>
public sealed class InfoSections
{
    /// <summary>The word for the sections that are answered when none is named.</summary>
    public const string Default = "default";

    private const string Usual = "all";
    private const string Everything = "everything";

    /// <summary>The section for developers, which not even "everything" contains.</summary>
    private const string OnlyByName = "Debug";

    /// <summary>Sections that grow with the commands used, so they are answered only when asked for.</summary>
    private static readonly string[] s_onlyOnRequest = ["Commandstats", "Latencystats", "Hotkeys", "Clientstats"];

    private readonly List<InfoSection> _sections = [];

    /// <summary>The section of this heading; where there was none, there is one now.</summary>
    public InfoSection this[string heading]
    {
        get
        {
            InfoSection? section = _sections.Find(section => section.Heading == heading);
            if (section is null)
            {
                section = new InfoSection(heading, InfoOrder.Of(heading));
                int place = InfoOrder.PlaceOf(heading);
                int index = _sections.FindIndex(other => InfoOrder.PlaceOf(other.Heading) > place);
                _sections.Insert(index < 0 ? _sections.Count : index, section);
            }
            return section;
        }
    }

    internal IReadOnlyList<InfoSection> All => _sections;

    /// <summary>All numbers that may be followed over time. Any thread, once the server is made.</summary>
    public IEnumerable<FactSeries> Series => _sections.SelectMany(static section => section.Series);

    /// <summary>Those of them that are told now, with their values; under the execution lock.</summary>
    public IEnumerable<FactSample> Samples =>
        _sections.Where(static section => section.IsOfInterest()).SelectMany(static section => section.Samples);

    /// <summary>The sections chosen by these names, each once. What no section is called chooses nothing.</summary>
    public IEnumerable<InfoSection> Select(IReadOnlySet<string> names)
    {
        bool isAll = names.Contains(Usual) || names.Contains(Everything);
        bool isDefault = names.Contains(Default);
        return _sections.Where(section =>
            names.Contains(section.Heading)
            || (section.Heading != OnlyByName && section.IsOfInterest()
                && (isAll || (isDefault && !s_onlyOnRequest.Contains(section.Heading)))));
    }
}
