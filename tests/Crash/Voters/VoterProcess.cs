using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Cluster.Control;
using Bixbite.Consensus;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Crash.Voters;

/// <summary>
/// A voter in a process of its own, which a trial starts, tells what to do, and kills. It is this program again, run for this method alone.
/// </summary>
public sealed class VoterProcess
{
    /// <summary>Makes a run of these tests a voter: its number, its folder and the ports of all.</summary>
    internal const string Variable = "BIXBITE_VOTER";

    internal const string Method = $"Bixbite.Crash.Voters.{nameof(VoterProcess)}.{nameof(Vote)}";

    /// <summary>The log becomes a snapshot often, so that those who were away need one.</summary>
    private const int EntriesPerSnapshot = 20;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    /// <summary>A test only by name: without the variable nobody wants a voter. It ends with the trial's process.</summary>
    [Fact]
    public async Task Vote()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ') is not [var number, var folder, .. var ports])
        {
            return;
        }
        byte self = byte.Parse(number, CultureInfo.InvariantCulture);
        int[] places = [.. ports.Select(port => int.Parse(port, CultureInfo.InvariantCulture))];
        var state = new NumberLog();
        var links = new VoterLinks(self, places);
        using var log = new ServerLog(SystemClock.Instance, folder + ".log");
        var options = new RaftOptions(VoterLinks.IdOf(self), folder) { FoundsLog = self == 1, EntriesPerSnapshot = EntriesPerSnapshot };
        await using var consensus = new RaftConsensus(options, SystemDisk.Instance, state, links, log);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, places[self - 1]));
        listener.Listen();
        await consensus.StartAsync(CancellationToken.None);
        _ = ListenAsync(listener, new Voting(consensus, state, links));
        await Console.OpenStandardInput().CopyToAsync(Stream.Null, CancellationToken.None);
    }

    private static async Task ListenAsync(Socket listener, Voting voting)
    {
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            _ = AnswerAsync(socket, voting);
        }
    }

    private static async Task AnswerAsync(Socket socket, Voting voting)
    {
        using (socket)
        {
            try
            {
                if (await VoterFrame.ReadAsync(socket, CancellationToken.None) is not { } asked)
                {
                    return;
                }
                byte[]? answer = asked.Sender == 0
                    ? Encoding.ASCII.GetBytes(await voting.DoAsync(Encoding.ASCII.GetString(asked.Bytes).Split(' ')))
                    : await voting.Links.AnswerAsync(asked);
                if (answer is not null)
                {
                    await VoterFrame.WriteAsync(socket, 0, answer, CancellationToken.None);
                }
            }
            catch (SocketException)
            {
                // Who asked is gone.
            }
        }
    }

    /// <summary>What the trial may want of a voter.</summary>
    private sealed record Voting(RaftConsensus Consensus, NumberLog State, VoterLinks Links)
    {
        internal async Task<string> DoAsync(string[] words)
        {
            using var limit = new CancellationTokenSource(s_limit);
            byte[] numbers = words[0] is "lose" or "mute" or "add"
                ? [.. words.Skip(1).Select(word => byte.Parse(word, CultureInfo.InvariantCulture))]
                : [];
            switch (words[0])
            {
                case "status":
                    ConsensusStatus status = Consensus.Status;
                    return $"{status.Role} {status.Restarts} {State.Numbers.Length} {status.Term}";
                case "propose":
                    return await ProposeAsync(long.Parse(words[1], CultureInfo.InvariantCulture), limit.Token);
                case "confirm":
                    long term = Consensus.Status.Term;
                    return $"{await Consensus.ConfirmLeadershipAsync(term, limit.Token)} {term}";
                case "add":
                    return (await Consensus.AddVoterAsync(VoterLinks.IdOf(numbers[0]), limit.Token)).ToString();
                case "numbers":
                    return string.Join(',', State.Numbers);
                case "lose":
                    Links.LoseRequests(numbers);
                    return "";
                case "mute":
                    Links.LoseAnswers(numbers);
                    return "";
                default:
                    Links.RepeatRequests(words[1] == "yes");
                    return "";
            }
        }

        /// <summary>The outcome, and the term if that is certain; 0 if leadership changed meanwhile.</summary>
        private async Task<string> ProposeAsync(long number, CancellationToken cancellation)
        {
            ConsensusStatus before = Consensus.Status;
            Proposal proposal = await Consensus.ProposeAsync(NumberLog.Bytes(number), cancellation);
            ConsensusStatus after = Consensus.Status;
            bool isCertain = (before.Role, before.Term) == (ConsensusRole.Leading, after.Term) && after.Role == ConsensusRole.Leading;
            return $"{proposal.Outcome} {(isCertain ? after.Term : 0)}";
        }
    }
}
