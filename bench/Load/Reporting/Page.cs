namespace Bixbite.Load.Reporting;

/// <summary>The page docs/PERFORMANCE.md: what the tables need said around them, and tables of several runs on one page.</summary>
internal static class Page
{
    private const string SectionStart = "\n## ";

    private const string Introduction =
        """
        # Performance

        This page is written by runs of the load bench and not by hand. To make it anew, on a machine with two cores that has nothing else
        to do, which takes about an hour:

            dotnet publish src/Server -c Release
            dotnet run -c Release --project bench/Load -- --time-limit 7200 --markdown docs/PERFORMANCE.md

        With `--scenario` only the rows of those scenarios are made anew, and the others stay; a table says when its newest rows were made.

        Both servers run without persistence where a table does not say otherwise, each pinned to the same core; the load comes from the
        other core. Rounds alternate between the servers, and the best of each counts, since whatever else the machine does can only make a
        figure worse. CPU per command is what the kernel charged the server over the run, by the number of commands. GET and SET at a
        pipeline depth are loaded by redis-benchmark; the other tables by the bench's own client. `Goal` is what the project set out to
        reach.
        """;

    /// <summary>
    /// The page with a run's sections, each of which begins with its title. Of a section that was there before, what the run has no row for
    /// stays.
    /// </summary>
    public static string With(string? page, IEnumerable<string> sections)
    {
        List<string> all = page is null ? [] : [.. page.Split(SectionStart)[1..].Select(section => section.Trim())];
        foreach (string section in sections.Select(section => section.Trim()))
        {
            int place = all.FindIndex(old => TitleOf(old) == TitleOf(section));
            if (place < 0)
            {
                all.Add(section);
            }
            else
            {
                all[place] = section + string.Concat(RowsOf(all[place]).Where(row => !HasRow(section, row)).Select(row => "\n" + row));
            }
        }

        return Introduction + "\n" + string.Concat(all.Select(section => SectionStart + section + "\n"));
    }

    private static IEnumerable<string> RowsOf(string section) =>
        section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal));

    /// <summary>Rows are told apart by their first cell.</summary>
    private static bool HasRow(string section, string row) =>
        RowsOf(section).Any(other => other.Split('|')[1] == row.Split('|')[1]);

    private static string TitleOf(string section) => section.Split('\n')[0].Trim();
}
