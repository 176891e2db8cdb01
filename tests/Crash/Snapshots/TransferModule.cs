using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Modules;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// Snapshots that go to receivers, as a stranger would add them: <c>TRANSFER number</c> begins one to the receivers that the test has
/// handed in under that number. The first reply says whether there was room for it.
/// </summary>
internal sealed class TransferModule : Module
{
    /// <summary>What stands before and after the bytes.</summary>
    public const string Mark = "0123456789abcdef0123456789abcdef01234567";

    private readonly List<Transfer> _transfers = [];

    /// <summary>How they have ended, by their numbers.</summary>
    public ConcurrentDictionary<int, SnapshotEnd> Ends { get; } = [];

    /// <summary>A receiver that takes nothing for so long is dropped.</summary>
    public int PatienceMs { get; init; } = 600_000;

    public override void Add(ServerBuilder server)
    {
        SnapshotJobs jobs = server.Get<SnapshotJobs>();
        server.AddCommand(new Command(new CommandAttribute("transfer") { Arity = 2, Flags = "admin" }, Begin));

        void Begin(CommandContext context)
        {
            if (!jobs.HasRoomForReceivers)
            {
                context.Reply.Error("ERR no room"u8);
                return;
            }
            int number = int.Parse(Encoding.ASCII.GetString(context[1]), CultureInfo.InvariantCulture);
            jobs.Begin(
                new SinkTarget(_transfers[number].Receivers, Encoding.ASCII.GetBytes(Mark), () => PatienceMs, SystemClock.Instance),
                jobs.RdbEncoder(),
                end => Ends[number] = end);
            context.Reply.Ok();
        }
    }

    /// <summary>Hands receivers in; returns the number under which they are known.</summary>
    public Transfer Announce(params ReceivingEnd[] receivers)
    {
        var transfer = new Transfer(this, _transfers.Count, receivers);
        _transfers.Add(transfer);
        return transfer;
    }

    /// <summary>All receivers go on.</summary>
    public void ReleaseAll() => _transfers.ForEach(static transfer => Array.ForEach(transfer.Receivers, static end => end.Release()));
}

/// <summary>A snapshot to some receivers.</summary>
internal sealed record Transfer(TransferModule Module, int Number, ReceivingEnd[] Receivers)
{
    public string Command => string.Create(CultureInfo.InvariantCulture, $"TRANSFER {Number}");

    /// <summary>How it has ended; null if it has not.</summary>
    public SnapshotEnd? End => Module.Ends.TryGetValue(Number, out SnapshotEnd end) ? end : null;
}
