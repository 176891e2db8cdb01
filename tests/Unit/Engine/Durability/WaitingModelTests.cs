using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Engine.Durability;

/// <summary>
/// Clients change and read keys at random, several in a turn, while two lines come after them: each waits for what it has changed or seen
/// by a naive account of every key, and for nothing else.
/// </summary>
public sealed class WaitingModelTests : IDisposable
{
    private const int TurnCount = 3000;
    private const int ClientCount = 6;
    private const int KeyCount = 20;
    private const int LineCount = 2;

    private readonly Random _random = Seed.NewRandom();
    private readonly StepModule _lines = new();
    private readonly EngineFixture _engine;
    private readonly EngineClient[] _clients;
    private readonly HashSet<int> _existing = [];

    /// <summary>By line and key: what its latest change reaches; by line and client: what it has changed and seen.</summary>
    private readonly long[,] _changed = new long[LineCount, KeyCount];
    private readonly long[,] _known = new long[LineCount, ClientCount];

    public WaitingModelTests()
    {
        _engine = new EngineFixture([_lines]);
        _lines.Log.Switch(true);
        _lines.Quorum.Switch(true);
        _engine.EndTurn();
        _clients = [.. Enumerable.Range(0, ClientCount).Select(_ => _engine.Connect())];
        foreach (EngineClient client in _clients)
        {
            client.Link.Lines = (1 << LineCount) - 1;
        }
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void EverybodyWaitsForWhatHeKnowsAndForNothingElse()
    {
        for (int turn = 0; turn < TurnCount; turn++)
        {
            RunTurn();
            foreach (StepLine line in (ReadOnlySpan<StepLine>)[_lines.Log, _lines.Quorum])
            {
                if (_random.Next(3) == 0)
                {
                    line.Advance(line.ReachedEnd + _random.NextInt64(line.End - line.ReachedEnd + 1));
                }
            }
        }
    }

    private void RunTurn()
    {
        HashSet<int> ran = [];
        HashSet<int> changed = [];
        HashSet<int> changing = [];
        for (int request = _random.Next(4); request > 0; request--)
        {
            int client = _random.Next(ClientCount);
            int key = _random.Next(KeyCount);
            ran.Add(client);
            switch (_random.Next(4))
            {
                case 0:
                    _clients[client].Send($"incr {key}");
                    _existing.Add(key);
                    changed.Add(key);
                    changing.Add(client);
                    break;
                case 1:
                    _clients[client].SendAll("multi", $"get {key}", "exec");
                    See(client, key, changed, changing);
                    break;
                case 2:
                    _clients[client].Send($"set {key} 1 nx");
                    if (_existing.Add(key))
                    {
                        changed.Add(key);
                        changing.Add(client);
                    }
                    else
                    {
                        See(client, key, changed, changing);
                    }
                    break;
                default:
                    _clients[client].Send("ping");
                    break;
            }
        }
        long[] sent = _engine.EndTurn();
        Check(ran, changed, changing, sent);
    }

    private void See(int client, int key, HashSet<int> changed, HashSet<int> changing)
    {
        if (changed.Contains(key))
        {
            changing.Add(client);
        }
        for (int line = 0; line < LineCount; line++)
        {
            _known[line, client] = Math.Max(_known[line, client], _changed[line, key]);
        }
    }

    private void Check(HashSet<int> ran, HashSet<int> changed, HashSet<int> changing, long[] sent)
    {
        StepLine[] lines = [_lines.Log, _lines.Quorum];
        for (int line = 0; line < LineCount; line++)
        {
            long end = lines[line].End;
            foreach (int key in changed)
            {
                _changed[line, key] = end;
            }
            long expected = changed.Count > 0 && end > lines[line].ReachedEnd ? end : 0;
            foreach (int client in ran)
            {
                long known = changing.Contains(client) ? end : _known[line, client];
                _known[line, client] = known;
                if (known > lines[line].ReachedEnd)
                {
                    expected = Math.Max(expected, known);
                    Assert.Equal(known, _clients[client].Link.Held.GetValueOrDefault(line));
                }
                else
                {
                    Assert.True(_clients[client].Link.Held.GetValueOrDefault(line) <= lines[line].ReachedEnd);
                }
            }
            Assert.Equal(expected, sent.Length == 0 ? 0 : sent[line]);
        }
    }
}
