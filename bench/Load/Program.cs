using Bixbite.Load;
using Bixbite.Load.Scenarios;

if (!Settings.TryParse(args, out Settings? settings, out string? problem))
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(Settings.Usage(Catalog.All));
    return 2;
}

if (settings.ListOnly)
{
    foreach (IScenario scenario in Catalog.All)
    {
        Console.WriteLine($"{scenario.Name,-16} {scenario.Summary}");
    }
    return 0;
}

return new Session(settings).Run();
