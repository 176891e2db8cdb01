using BenchmarkDotNet.Running;
using Bixbite.Micro;

// bytes: bytes per element of every structure. times: one plain pass over large structures, with the slowest single step.
// order: time and memory of insertion in hostile orders.
// tree: time and bytes per entry of the counted tree. stream: the same of streams and pending entries.
// slots: bytes per key and time of a search where hashes begin with slots, as in a cluster.
// tracking: bytes per key of the table for client-side caching.
// Anything else goes to BenchmarkDotNet, e.g. --filter '*Heap*'.
switch (args)
{
    case ["bytes", ..]:
        BytesPerElement.Print();
        break;
    case ["times", ..]:
        LargeIndexTimes.Print(args.Length > 1 ? int.Parse(args[1]) : 10_000_000);
        break;
    case ["order", ..]:
        HostileOrderTimes.Print(args.Length > 1 ? int.Parse(args[1]) : 10_000_000);
        break;
    case ["tree", ..]:
        CountedTreeTimes.Print(args.Length > 1 ? int.Parse(args[1]) : 10_000_000);
        break;
    case ["stream", ..]:
        StreamTimes.Print(args.Length > 1 ? int.Parse(args[1]) : 1_000_000);
        break;
    case ["slots", ..]:
        SlotBytes.Print();
        break;
    case ["tracking", ..]:
        TrackedKeyBytes.Print();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HeapBenchmarks).Assembly).Run(args);
        break;
}
