namespace Bixbite.Tool.Replies;

/// <summary>The colours of what replies are made of, as sequences that a terminal understands; none for a file.</summary>
internal sealed class ReplyColors
{
    public static readonly ReplyColors None = new();

    public static readonly ReplyColors Ansi = new()
    {
        Error = "\e[31m"u8.ToArray(),
        Number = "\e[36m"u8.ToArray(),
        Text = "\e[32m"u8.ToArray(),
        Faint = "\e[90m"u8.ToArray(),
        End = "\e[0m"u8.ToArray(),
    };

    public byte[] Error { get; private init; } = [];

    public byte[] Number { get; private init; } = [];

    public byte[] Text { get; private init; } = [];

    /// <summary>For nulls and the numbers of elements.</summary>
    public byte[] Faint { get; private init; } = [];

    public byte[] End { get; private init; } = [];
}
