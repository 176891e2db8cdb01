using Bixbite.Engine.Blocking;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Replication.Following;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Failover;

/// <summary>A primary gives its place to a replica: FAILOVER.</summary>
public sealed class FailoverModule : Module
{
    public override void Add(ServerBuilder server)
    {
        Replicas replicas = server.Get<Replicas>();
        Follower follower = server.Get<Follower>();
        PauseGate pause = server.Get<PauseGate>();
        CoordinatedFailover failover = server.Add(
            new CoordinatedFailover(replicas, server.Get<ReplicationStream>(), follower, pause, server.Raised, server.Log));
        server.AddGate(new RedirectGate(follower, failover, pause));
        CronAlarm alarm = server.Get<CronAlarm>();
        replicas.Acknowledged += () =>
        {
            if (failover.IsOn)
            {
                alarm.RingWithin(0);
            }
        };
        server.AddCron(new CronTask(CronStage.Files, _ => failover.Run()) { IgnoresSwitch = true, IgnoresLoading = true });
    }
}
