using System.Text;

namespace Bixbite.Tool.Cli;

/// <summary>The few things that the client itself must know of a request: how its reply looks, and what follows from it.</summary>
internal sealed class RequestKind
{
    public RequestKind(IReadOnlyList<byte[]> words)
    {
        Name = Word(words, 0);
        string second = Word(words, 1);
        int count = words.Count;
        IsText = (Name, second, count) switch
        {
            ("INFO" or "LOLWUT", _, _) => true,
            ("DEBUG", "HTSTATS" or "HTSTATS-KEY" or "CLIENT-EVICTION", _) => true,
            ("MEMORY", "MALLOC-STATS" or "DOCTOR", _) => true,
            ("CLUSTER", "NODES" or "INFO", 2) => true,
            ("CLIENT", "LIST" or "INFO", _) => true,
            ("LATENCY", "GRAPH", 3) or ("LATENCY", "DOCTOR", 2) => true,
            _ => false,
        };
        IsSubscribing = Name is "SUBSCRIBE" or "PSUBSCRIBE" or "SSUBSCRIBE";
        ConfirmationCount = IsSubscribing || Name is "UNSUBSCRIBE" or "PUNSUBSCRIBE" or "SUNSUBSCRIBE" ? Math.Max(count - 1, 1) : 0;
        Argument = count > 1 ? Encoding.UTF8.GetString(words[1]) : "";
        ArgumentCount = count - 1;
    }

    /// <summary>In upper case.</summary>
    public string Name { get; }

    /// <summary>The first argument; empty if there is none.</summary>
    public string Argument { get; }

    public int ArgumentCount { get; }

    /// <summary>The reply is lines for people: it is printed as it is.</summary>
    public bool IsText { get; }

    public bool IsSubscribing { get; }

    /// <summary>How many messages confirm it, in place of a reply; 0 for a command with a reply.</summary>
    public int ConfirmationCount { get; }

    private static string Word(IReadOnlyList<byte[]> words, int index) =>
        index < words.Count ? Encoding.UTF8.GetString(words[index]).ToUpperInvariant() : "";
}
