using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// Snapshots begin, end, fail and hang at random while clients change values, the disk misbehaves and settings are switched. Whatever is
/// finished has what was there when it began, whoever failed was told, nothing acknowledged is lost, and no memory is left over.
/// <c>BIXBITE_CRASH_ROUNDS</c> asks for more rounds.
/// </summary>
public sealed class OverlapRoundTests(ITestOutputHelper output)
{
    private const int UsualRoundCount = 3;
    private const int StepCount = 60;
    private const int FillCount = 400;

    private static readonly string[] s_settings =
    [
        "appendonly yes", "appendonly no", "appendonly yes", "appendfsync always", "appendfsync everysec", "appendfsync no",
        "save \"3600 1\"", "save \"\"", "dir .", "aof-use-rdb-preamble yes", "aof-use-rdb-preamble no", "rdbcompression yes",
        "rdbcompression no", "rdb-save-incremental-fsync no", "rdb-key-save-delay 1", "rdb-key-save-delay 50",
    ];

    private static readonly string[] s_others = ["SWAPDB 0 1", "FLUSHDB", "BGSAVE CANCEL", "DEBUG DIGEST"];

    private static int RoundCount =>
        Environment.GetEnvironmentVariable("BIXBITE_CRASH_ROUNDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : UsualRoundCount;

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void EachHasItsMomentWhateverHappens(string threads)
    {
        Random random = Seed.NewRandom();
        Counts counts = default;
        for (int round = 0; round < RoundCount; round++)
        {
            using Round one = new(random, threads);
            counts = one.Run(counts);
        }

        output.WriteLine(
            $"{RoundCount} rounds: {counts.Whole} receivers got all, {counts.Told} were told why not; {counts.Saves} saves and "
            + $"{counts.Rewrites} rewrites were begun; {counts.Faults} faults of the disk");
    }

    private record struct Counts(int Whole, int Told, int Saves, int Rewrites, int Faults);

    /// <summary>One server on one disk.</summary>
    private sealed class Round : IDisposable
    {
        private readonly Random _random;
        private readonly SimulatedDisk _disk = new();
        private readonly TransferModule _transfers = new();
        private readonly LocalServer _server;
        private readonly MixDriver _driver;
        private readonly List<(Transfer Transfer, string Digest)> _begun = [];
        private readonly HashSet<string> _saved = [];
        private Counts _counts;

        public Round(Random random, string threads)
        {
            _random = random;
            _server = LocalServer.StartReady(
                _disk, _transfers, "--rdb-key-save-delay", "1", "--io-threads", threads, "--enable-protected-configs", "yes",
                "--stop-writes-on-bgsave-error", "no");
            _driver = new MixDriver(_server, random, mayFlush: false, Heal);
        }

        public Counts Run(Counts counts)
        {
            _counts = counts;
            string start = _driver.Empty();
            _driver.Fill(FillCount);
            for (int step = 0; step < StepCount; step++)
            {
                Step(_random.Next(14));
            }
            Heal();
            Patience.Until(HasEnded, () => $"the snapshots do not end:\n{_server.Log}");
            CheckReceivers();
            CheckFile();
            CheckLog();
            Assert.Equal("OK", _server.Call("CONFIG SET appendonly no save \"\"").Text);
            _driver.Empty();
            _server.AwaitInfo("used_memory", start);
            _server.AwaitInfo("mem_not_counted_for_evict", "0");
            Assert.Equal("0", _server.Info("current_cow_size"));
            return _counts;
        }

        public void Dispose()
        {
            Heal();
            _driver.Dispose();
            _server.Dispose();
        }

        private void Step(int what)
        {
            switch (what)
            {
                case 0:
                    (string digest, Reply answer) = _driver.AskFrom(_random.Next(4) == 0 ? "SAVE" : "BGSAVE");
                    _counts.Saves += answer.IsError ? 0 : 1;
                    _saved.Add(digest);
                    break;
                case 1:
                    _counts.Rewrites += _driver.Ask("BGREWRITEAOF")[0].IsError ? 0 : 1;
                    break;
                case 2 or 3:
                    BeginTransfer();
                    break;
                case 4 or 5:
                    Break();
                    break;
                case 6:
                    Heal();
                    break;
                case 7 or 8:
                    _driver.Ask($"CONFIG SET {s_settings[_random.Next(s_settings.Length)]}");
                    break;
                case 9:
                    _driver.Ask(s_others[_random.Next(s_others.Length)]);
                    break;
                case 10 when _random.Next(4) == 0:
                    _driver.Ask("FLUSHALL");
                    _saved.Add(_driver.Ask("DEBUG DIGEST")[0].Text);
                    break;
                default:
                    _driver.Change(30);
                    break;
            }
        }

        private void BeginTransfer()
        {
            ReceivingEnd[] receivers = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => _random.Next(5) switch
            {
                0 => new ReceivingEnd(failureAt: _random.Next(100_000)),
                1 => new ReceivingEnd(stallAt: _random.Next(100_000)),
                _ => new ReceivingEnd(),
            })];
            Transfer transfer = _transfers.Announce(receivers);
            (string digest, Reply answer) = _driver.AskFrom(transfer.Command);
            if (!answer.IsError)
            {
                _begun.Add((transfer, digest));
            }
        }

        /// <summary>From now on the disk is full, or takes nothing, or some operation fails once or always.</summary>
        private void Break()
        {
            _counts.Faults++;
            int errno = _random.Next(2) == 0 ? Errno.EIO : Errno.ENOSPC;
            switch (_random.Next(6))
            {
                case 0:
                    _disk.Faults.CapacityBytes = _disk.UsedBytes + _random.Next(20_000);
                    break;
                case 1:
                    _disk.Faults.WriteGate.Reset();
                    break;
                case 2:
                    _disk.Faults.SyncGate.Reset();
                    break;
                case 3:
                    _disk.Faults.MakeReadOnly();
                    break;
                default:
                    DiskAction action = Enum.GetValues<DiskAction>()[_random.Next(Enum.GetValues<DiskAction>().Length)];
                    int number = _random.Next(1, 4);
                    int count = 0;
                    _disk.Faults.ErrnoOf = operation =>
                        operation.Action == action && Interlocked.Increment(ref count) == number ? errno : 0;
                    break;
            }
        }

        private void Heal()
        {
            _disk.Faults.Heal();
            _transfers.ReleaseAll();
        }

        private bool HasEnded()
        {
            _driver.Change(5);
            HastenLog();
            return _begun.TrueForAll(static begun => begun.Transfer.End is not null)
                && Patience.IsAtRest(_server.Call("INFO persistence").Text);
        }

        /// <summary>A rewrite that failed is tried again after up to minutes; whoever asks for it has it at once.</summary>
        /// <returns>The log has what was acknowledged: its first base has been written.</returns>
        private bool HastenLog()
        {
            bool isWritten = _server.Info("aof_enabled") == "1" && _server.Info("aof_current_size") != "0";
            bool isAwaited = _server.Info("aof_enabled") == "1" && !isWritten;
            if ((isAwaited || _server.Info("aof_rewrite_scheduled") == "1") && _server.Info("aof_rewrite_in_progress") == "0")
            {
                _server.Call("BGREWRITEAOF");
            }
            return isWritten;
        }

        private void CheckReceivers()
        {
            foreach ((Transfer transfer, string digest) in _begun)
            {
                bool isWhole = transfer.End!.Value.Problem is null;
                Assert.Equal(isWhole, Array.Exists(transfer.Receivers, static receiver => receiver.End == "whole"));
                Assert.Equal(isWhole, !Array.TrueForAll(transfer.Receivers, static receiver => receiver.End != "whole"));
                foreach (ReceivingEnd receiver in transfer.Receivers)
                {
                    if (receiver.End == "whole")
                    {
                        Assert.Equal(digest, MixDriver.DigestOn(receiver.ToDisk()));
                        _counts.Whole++;
                        continue;
                    }
                    Assert.NotNull(receiver.End);
                    Assert.True(receiver.MayFail, $"{receiver.End}:\n{_server.Log}");
                    _counts.Told++;
                }
            }
        }

        /// <summary>The file that is there has one of the moments at which a save began.</summary>
        private void CheckFile()
        {
            if (_disk.Content("dump.rdb") is { } bytes)
            {
                SimulatedDisk copy = new();
                copy.Put("dump.rdb", bytes);
                string found = MixDriver.DigestOn(copy);
                Assert.True(_saved.Contains(found), $"the file has what was there at no moment of a save:\n{_server.Log}");
            }
        }

        /// <summary>With always, what was acknowledged once the log is there is in it, whatever the disk keeps of the rest.</summary>
        private void CheckLog()
        {
            Assert.Equal("OK", _server.Call("CONFIG SET appendfsync always appendonly yes").Text);
            Patience.Until(
                () => _driver.Ask("SET last 1")[0].Text == "OK" && HastenLog() && Patience.IsAtRest(_server.Call("INFO persistence").Text),
                () => $"the log does not come to rest:\n{_server.Log}");
            Assert.Equal("OK", _driver.Ask("SET last 2")[0].Text);
            string digest = _driver.Ask("DEBUG DIGEST")[0].Text;
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(digest, MixDriver.DigestOn(_disk.Survivor(_random.Next()), "--appendonly", "yes"));
            }
        }
    }
}
