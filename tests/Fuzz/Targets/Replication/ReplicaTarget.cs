using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;
using Ascii = Bixbite.Structures.Text.Ascii;

namespace Bixbite.Fuzz.Targets.Replication;

/// <summary>
/// A replica says what it likes to its primary, while that changes keys: every form of PSYNC and REPLCONF, and requests that no replica
/// sends. It gets nothing but the answers, a snapshot and the stream from the byte that it asked for, acknowledges no more than there is,
/// and leaves nothing behind.
/// </summary>
internal static class ReplicaTarget
{
    private const string Id = "0123456789abcdef0123456789abcdef01234567";
    private const string FormerId = "89abcdef0123456789abcdef0123456789abcdef";

    /// <summary>The position where the history begins; the former one ended there.</summary>
    private const long Start = 1000;

    private const long LeakSizeMax = 2 << 20;

    private static readonly string[] s_names =
        ["psync", "sync", "replconf", "ping", "select", "multi", "exec", "get", "wait", "role", "reset"];

    private static readonly Lazy<Subject> s_subject = new(static () => new Subject());

    /// <summary>The first byte says how the bytes come.</summary>
    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "\u00ffPING\r\nREPLCONF listening-port 6380 ip-address 10.0.0.1\r\nREPLCONF capa eof capa psync2 version 7.0.15\r\n"
            + "PSYNC ? -1\r\nREPLCONF ACK 1000\r\nREPLCONF ACK 1100 FACK 1000\r\n",
        $"\u0005REPLCONF capa psync2\r\nPSYNC {Id} 1001\r\nREPLCONF ACK 99999999999999\r\nREPLCONF GETACK *\r\n",
        $"\u00ffPSYNC {FormerId} 1001\r\n", $"\u00ffPSYNC {FormerId} 1002\r\n", $"\u00ffPSYNC {Id} 999\r\nPSYNC {Id} -1\r\n",
        $"\u0009PSYNC {Id} 1001 FAILOVER\r\nPSYNC {Id} 1020\r\n", "\u00ffSYNC\r\nREPLCONF ACK -1\r\nGET k\r\n",
        "\u00ffREPLCONF capa eof rdb-only 1\r\nREPLCONF rdb-filter-only functions\r\nPSYNC ? -1\r\n",
        "\u00ff*2\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n"
            + "*5\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$1\r\nx\r\n$4\r\nFACK\r\n$20\r\n99999999999999999999\r\n",
        "\u0003MULTI\r\nREPLCONF capa eof\r\nPSYNC ? -1\r\nEXEC\r\nPSYNC ? -1\r\nPSYNC ? -1\r\nSELECT 1\r\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > 1)
        {
            s_subject.Value.Serve(input[1..].ToArray(), Math.Max((int)input[0], 1));
        }
    }

    private static bool MayRun(ReadOnlySpan<byte> name)
    {
        foreach (string known in s_names)
        {
            if (Ascii.EqualsIgnoreCase(name, Encoding.ASCII.GetBytes(known)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A primary, and a client that changes its keys.</summary>
    private sealed class Subject
    {
        private readonly ReplicationScene _scene = new();
        private readonly Session _writer;
        private readonly long _bytesBefore;

        public Subject()
        {
            _writer = _scene.Connect(new SceneLink());
            _bytesBefore = _scene.WorkspaceBytes;
        }

        public void Serve(byte[] says, int pieceSize)
        {
            BeginHistory();
            var link = new SceneLink();
            Session session = _scene.Connect(link);
            Hear(session, link, says, pieceSize);
            _scene.Disconnect(session);
            ReplicationScene.Require(_scene.Replicas.Count == 0, "a replica is left");
            _scene.Await(() => !_scene.Get<SnapshotTransfers>().IsRunning, "a snapshot does not end without receivers");
            _scene.Run(_writer, "SET", "k", new string('v', 10_000));
            _scene.Tick(1000);
            ReplicationScene.Require(_scene.Stream.KeptSize < 20_000, $"{_scene.Stream.KeptSize} bytes are kept for nobody");
            ReplicationScene.Require(_scene.WorkspaceBytes - _bytesBefore < LeakSizeMax, "memory is not given back");
        }

        /// <summary>A history that goes on where another one ended.</summary>
        private void BeginHistory()
        {
            _scene.Stream.Stop();
            _scene.History.Adopt(FormerId);
            _scene.History.GoOnAs(Id, Start);
            _scene.Stream.Resume(Start);
            _scene.Tick();
        }

        private void Hear(Session session, SceneLink link, byte[] says, int pieceSize)
        {
            using var memory = new GuardedInput(says.Length);
            List<byte> left = [];
            int count = 0;
            for (int at = 0; at < says.Length && !link.IsGone; at += pieceSize)
            {
                left.AddRange(says.AsSpan(at, Math.Min(pieceSize, says.Length - at)));
                int taken = _scene.Run(session, memory.Place(left.ToArray()), left.Count, MayRun);
                if (taken < 0)
                {
                    return;
                }
                left.RemoveRange(0, taken);
                _scene.Run(_writer, "SET", $"k{count++ % 4}", "v");
                _scene.Tick();
                link.Pump();
                Check(session, link);
            }
            if (session.Has(SessionFlags.Replica) && _scene.Replicas.All.Any(static replica => replica.State != ReplicaState.Online))
            {
                Receive(session, link);
            }
        }

        /// <summary>The snapshot comes to its end, unless its form does not let it.</summary>
        private void Receive(Session session, SceneLink link)
        {
            _scene.Await(
                () =>
                {
                    link.Pump();
                    return link.IsGone || !_scene.Get<SnapshotTransfers>().IsRunning;
                },
                "the snapshot does not come to its end");
            link.Pump();
            Check(session, link);
        }

        private void Check(Session session, SceneLink link)
        {
            foreach (Replica replica in _scene.Replicas.All)
            {
                ReplicationScene.Require(
                    replica.AcknowledgedEnd <= _scene.Stream.End && replica.LoggedEnd <= _scene.Stream.End,
                    $"{replica.AcknowledgedEnd} and {replica.LoggedEnd} are acknowledged of {_scene.Stream.End}");
            }
            if (link.IsGone || !session.Has(SessionFlags.Replica))
            {
                return;
            }
            byte[] sent = [.. link.Sent];
            int line = sent.AsSpan().IndexOf("+CONTINUE"u8);
            if (line < 0)
            {
                return;
            }
            int rest = line + sent.AsSpan(line).IndexOf((byte)'\n') + 1;
            long start = _scene.Stream.End - (sent.Length - rest);
            ReplicationScene.Require(start >= Start, "more of the stream is sent than there is");
            ReplicationScene.Require(_scene.Stream.TryReadFrom(start, out StreamCursor? cursor), "what was sent is not in the stream");
            Compare(cursor!, sent.AsSpan(rest));
            _scene.Stream.Forget(cursor!);
        }

        private static void Compare(StreamCursor cursor, ReadOnlySpan<byte> sent)
        {
            Span<IoVector> pieces = stackalloc IoVector[4];
            while (true)
            {
                int count = cursor.Peek(pieces, long.MaxValue, out int size);
                if (size == 0)
                {
                    break;
                }
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<byte> piece = Native.Bytes(pieces[i].Address, (int)pieces[i].Size);
                    ReplicationScene.Require(sent.StartsWith(piece), "something else is sent than the stream");
                    sent = sent[piece.Length..];
                }
                cursor.Take(size);
            }
            ReplicationScene.Require(sent.IsEmpty, "more is sent than the stream");
        }
    }
}
