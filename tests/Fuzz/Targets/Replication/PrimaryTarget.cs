using System.Collections.Immutable;
using System.Text;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence;
using Bixbite.Platform;
using Bixbite.Replication.Following;
using Bixbite.Replication.Links;
using Bixbite.Replication.Streaming;

namespace Bixbite.Fuzz.Targets.Replication;

/// <summary>
/// A primary says what it likes to a replica, from its greeting to its stream. Whatever it is, bytes of the stream are handed on as they
/// came, no acknowledgement is ahead of them, nothing is kept of a connection that is over, and the next one begins.
/// </summary>
internal static class PrimaryTarget
{
    private const string Id = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>The replica has everything before this position when it is to go on.</summary>
    private const long KnownEnd = 100;

    private const long LeakSizeMax = 2 << 20;
    private const string Told = "+PONG\r\n+OK\r\n+OK\r\n+OK\r\n";
    private const string Stream = "*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n*1\r\n$5\r\nMULTI\r\n"
        + "*2\r\n$4\r\nINCR\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n*1\r\n$4\r\nPING\r\n\r\n*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n";

    private static readonly string s_snapshot = Encoding.Latin1.GetString(
        [.. "REDIS0010"u8, 0xfe, 0, 0, 1, (byte)'k', 1, (byte)'v', 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);

    private static readonly ImmutableArray<string> s_loads = ["disabled", "on-empty-db", "swapdb"];
    private static readonly Lazy<Subject> s_subject = new(static () => new Subject());

    /// <summary>
    /// The first byte says whether the replica can go on and how it loads, the second how the bytes come. Behind conversations, a snapshot
    /// with a value of each type, loaded while it comes.
    /// </summary>
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. FuzzTarget.Text(
            $"a\u00ff{Told}\n+FULLRESYNC {Id} 7\r\n\n${s_snapshot.Length}\r\n{s_snapshot}{Stream}",
            $"a\u0007{Told}+FULLRESYNC {Id} 0\r\n$EOF:{Id}\r\n{s_snapshot}{Id}",
            $"b\u0009{Told}+CONTINUE\r\n{Stream}",
            $"b\u00ff-NOAUTH x\r\n-ERR a\r\n-ERR b\r\n-ERR c\r\n+CONTINUE 89abcdef0123456789abcdef0123456789abcdef\r\n{Stream}{Stream}",
            $"a\u00ff{Told}-ERR unknown command\r\n${s_snapshot.Length}\r\n{s_snapshot}{Stream}",
            $"a\u00ff{Told}-LOADING x\r\n", $"a\u00ff{Told}-NOMASTERLINK x\r\n", $"a\u00ff{Told}+FULLRESYNC {Id} -1\r\n$-1\r\n",
            $"b\u00ff{Told}+CONTINUE\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$400000000\r\n",
            $"b\u0003{Told}+CONTINUE\r\n*1\r\n$8\r\nFLUSHALL\r\n*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$1\r\nm\r\n"
                + "*3\r\n$6\r\nSWAPDB\r\n$1\r\n0\r\n$1\r\n1\r\n"),
        .. RdbFileTarget.Seeds.Select(static (file, i) => (byte[])
        [
            (byte)(i % 2 == 0 ? 'i' : 'q'), (byte)(i % 3 == 0 ? 255 : 5 + i), .. Encoding.ASCII.GetBytes(Told),
            .. Encoding.ASCII.GetBytes($"+FULLRESYNC {Id} 0\r\n${file.Length}\r\n"), .. file, .. Encoding.ASCII.GetBytes(Stream),
        ]),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }
        byte[] bytes = input[2..].ToArray();
        string load = s_loads[((input[0] >> 3) & 3) % s_loads.Length];
        s_subject.Value.Follow((input[0] & 1) == 0, load, bytes, Math.Max((int)input[1], 1));
    }

    /// <summary>A replica, and its primary's end of the connection.</summary>
    private sealed class Subject : IPeerLinks
    {
        private readonly ReplicationScene _scene = new();
        private readonly Session _client;
        private readonly long _bytesBefore;
        private IPeerUser? _user;

        public Subject()
        {
            _scene.Follower.Links = this;
            _client = _scene.Connect(new SceneLink());
            _bytesBefore = _scene.WorkspaceBytes;
        }

        Action IPeerLinks.Connect(string host, int port, int timeoutMs, PeerPurpose purpose, IPeerUser user)
        {
            _user = user;
            return () => _user = null;
        }

        public void Follow(bool hasPlace, string load, byte[] says, int pieceSize)
        {
            ReplicationScene.Require(_scene.Get<FollowingSettings>().Intake.LoadsDirectly.Load([load]) is null, "a setting is refused");
            Follower follower = _scene.Follower;
            follower.Follow(new PrimaryAddress("primary", 1));
            if (hasPlace)
            {
                follower.Start(new StreamPlace(0, Id, KnownEnd));
            }
            _scene.Tick(1000);
            ReplicationScene.Require(_user is not null, "it does not connect");
            Connection connection = new(_scene, _user!);
            connection.Hear(says, pieceSize);
            connection.End();
            _user = null;
            follower.Lead();
            _scene.Await(() => !follower.HasUnfinishedFile, "a file is not let go of");
            _scene.Stream.Stop();
            _scene.Flush(_client);
            _scene.Get<LazyFree>().Run(static () => false);
            _scene.Tick(1000);
            ReplicationScene.Require(_scene.WorkspaceBytes - _bytesBefore < LeakSizeMax, "memory is not given back");
        }
    }

    /// <summary>One connection to the primary.</summary>
    private sealed class Connection
    {
        private readonly ReplicationScene _scene;
        private readonly IPeerUser _user;
        private readonly SceneLink _wire = new();
        private readonly List<byte> _left = [];
        private readonly List<byte> _taken = [];
        private int _checked;

        /// <summary>Where the stream begins among the bytes that were taken; -1 before.</summary>
        private long _streamStart = -1;

        private long _position;

        public Connection(ReplicationScene scene, IPeerUser user)
        {
            _scene = scene;
            _user = user;
            user.Opened(_wire);
        }

        public void Hear(byte[] says, int pieceSize)
        {
            using var memory = new GuardedInput(says.Length);
            for (int at = 0; at < says.Length && !_wire.IsGone; at += pieceSize)
            {
                _left.AddRange(says.AsSpan(at, Math.Min(pieceSize, says.Length - at)));
                Deliver(memory);
            }
        }

        /// <summary>The primary goes away.</summary>
        public void End()
        {
            if (!_wire.IsGone)
            {
                _user.Closed();
                _scene.Await(() => _scene.Follower.State == FollowState.Waiting, "a lost primary is not noticed");
            }
        }

        private void Deliver(GuardedInput memory)
        {
            while (_left.Count > 0 && !_wire.IsGone)
            {
                int taken = _user.Received(memory.Place(_left.ToArray()), _left.Count);
                ReplicationScene.Require(taken >= 0 && taken <= _left.Count, $"{taken} of {_left.Count} bytes are taken");
                _taken.AddRange(_left[..taken]);
                _left.RemoveRange(0, taken);
                _scene.Tick();
                if (_wire.IsPaused)
                {
                    _scene.Await(() => !_wire.IsPaused || _wire.IsGone || _scene.Follower.State == FollowState.Waiting, "it stays paused");
                    taken = 1;
                }
                Check();
                if (taken == 0)
                {
                    break;
                }
            }
        }

        /// <summary>The stream is what came, byte for byte, and no acknowledgement is ahead of it.</summary>
        private void Check()
        {
            if (_scene.Follower is not { State: FollowState.Connected, Connection.Session: not null } follower)
            {
                return;
            }
            long end = _scene.Stream.End;
            long pending = _scene.Get<FollowerTools>().Applier.PendingSize;
            if (_streamStart < 0)
            {
                _streamStart = _taken.Count - pending - (end - _scene.Stream.Start);
                _position = _scene.Stream.Start;
            }
            ReplicationScene.Require(
                _taken.Count - _streamStart == end - _position + pending,
                $"{_taken.Count - _streamStart} bytes of the stream have come; {end - _position} are handed on, {pending} wait");
            if (_scene.Stream.TryReadFrom(_position, out StreamCursor? cursor))
            {
                Compare(cursor);
                _scene.Stream.Forget(cursor);
            }
            CheckAcknowledgements(end);
        }

        private void Compare(StreamCursor cursor)
        {
            Span<IoVector> pieces = stackalloc IoVector[4];
            int at = (int)_streamStart;
            while (true)
            {
                int count = cursor.Peek(pieces, long.MaxValue, out int size);
                if (size == 0)
                {
                    return;
                }
                for (int i = 0; i < count; i++)
                {
                    foreach (byte value in Native.Bytes(pieces[i].Address, (int)pieces[i].Size))
                    {
                        ReplicationScene.Require(value == _taken[at++], $"another byte is handed on than came at {at - 1}");
                    }
                }
                cursor.Take(size);
            }
        }

        private void CheckAcknowledgements(long end)
        {
            string sent = Encoding.Latin1.GetString([.. _wire.Sent.Skip(_checked)]);
            _checked = _wire.Sent.Count;
            string[] parts = sent.Split("\r\nACK\r\n");
            foreach (string part in parts.Skip(1))
            {
                long position = long.Parse(part.Split("\r\n")[1], System.Globalization.CultureInfo.InvariantCulture);
                ReplicationScene.Require(position <= end, $"{position} is acknowledged of {end}");
            }
        }
    }
}
