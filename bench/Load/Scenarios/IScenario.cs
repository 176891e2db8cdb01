namespace Bixbite.Load.Scenarios;

/// <summary>One measurement: starts the servers it needs and adds its rows to the report.</summary>
internal interface IScenario
{
    string Name { get; }
    string Summary { get; }
    void Run(Bench bench);
}
