namespace Bixbite.Load.Reporting;

/// <summary>The page docs/PERFORMANCE.md: what the tables of a run need said around them.</summary>
internal static class Page
{
    public static string Around(string tables) =>
        $"""
        # Performance

        This page is written by a run of the load bench and not by hand. To make it anew, on a machine with two cores
        that has nothing else to do:

            dotnet publish src/Server -c Release
            dotnet run -c Release --project bench/Load -- --markdown docs/PERFORMANCE.md

        Both servers run without persistence where a table does not say otherwise, each pinned to the same core; the load comes from the
        other core. Rounds alternate between the servers, and the best of each counts, since whatever else the machine does can only make a
        figure worse. CPU per command is what the kernel charged the server over the run, by the number of commands. GET and SET at a
        pipeline depth are loaded by redis-benchmark; the other tables by the bench's own client. `Goal` is what the project set out to
        reach.

        {tables}
        """;
}
