namespace Bixbite.Load.Scenarios;

/// <summary>Every scenario, in the order of the report.</summary>
internal static class Catalog
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new PipelineScenario(pipeline: 1, throughputGoal: 1.0, cpuGoal: 0.85),
        new SingleCommandScenario(),
        new PipelineScenario(pipeline: 16, throughputGoal: 2.0, cpuGoal: 0.45),
        new PipelineScenario(pipeline: 100, throughputGoal: 2.5, cpuGoal: null),
        new CollectionsScenario(),
        new TransactionScenario(),
        new ScriptsScenario(),
        new AccessScenario(),
        new PublishScenario(pipeline: 1, goal: 1.0, cpuGoal: null),
        new PublishScenario(pipeline: 16, goal: 2.0, cpuGoal: 0.7),
        new PublishScenario(pipeline: 100, goal: 2.0, cpuGoal: null),
        new PublishThreadsScenario(),
        new RandomGetScenario(),
        new GrowthScenario(),
        new ScalingScenario(),
        new MemoryScenario(),
        new ChurnScenario(),
        new HitRatioScenario(),
        new TrackingScenario(),
        new IdleScenario(),
        new ExpiryScenario("expiry-20s", spreadMs: 20_000),
        new ExpiryScenario("expiry-2s", spreadMs: 2_000),
        new StartScenario(),
        new EmbeddedScenario(),
        new LoggedSetScenario("everysec", pipeline: 16, goal: 2.0),
        new LoggedSetScenario("always", pipeline: 1, goal: 1.2),
        new SaveScenario(),
        LoadScenario.Snapshot,
        LoadScenario.Log,
        new SnapshotScenario(),
        new LargeSnapshotScenario(),
        new TlsScenario(),
        new ReplicasScenario(),
        new FailoverScenario(),
        new FullSyncScenario(),
    ];
}
